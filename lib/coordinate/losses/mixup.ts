import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { beta } from '../random.js'
import { type Block, rowsOf } from './blocks.js'
import { absentBias, crossEntropy, diagonal, presenceOf, products } from './cross-entropy.js'
import { geodesic } from './geodesic.js'
import { meanOverPairs } from './loss.js'
import { ABSENT, cellsOf, type Relation } from './relation.js'
import { term } from './term.js'

/**
 * m2-Mix: the mixtures H of both sides of a pair are hard negatives. Logits are s <u_i, v_i> on the
 * diagonal and s <u_i, h_j> off it, the same with V; the sum of both cross-entropies. U, V unit rows
 * (B, d), r a scalar share of U. Other positives of a row are no candidates.
 */
export function m2Mix(u: Tensor2D, v: Tensor2D, s: Tensor, r: Tensor, relation: Relation): Tensor {
  const size = u.shape[0]
  const there = presenceOf(relation, size)
  const mixed = geodesic(u, v, r)
  const own = tf.mul(tf.sum(tf.mul(u, v), 1), s)
  const side = (x: Tensor2D): Tensor =>
    crossEntropy(
      size,
      [tf.mul(x, s), own],
      [mixed],
      ([rows, truth], [h], block) => {
        const on = diagonal(size, block)
        const off = tf.mul(products([rows!], [h!]), tf.sub(1, on))
        return tf.add(off, tf.mul(on, tf.expandDims(truth!, 1)))
      },
      block => ownOnly(relation, there, size, block),
    )
  return tf.div(tf.add(side(u), side(v)), tf.maximum(tf.sum(there), 1))
}

/** Its own row is what each should choose, among itself and the rows that are no positives of it. */
function ownOnly(relation: Relation, there: Tensor1D, size: number, block: Block) {
  const on = diagonal(size, block)
  const { rest } = cellsOf(relation, size, block)
  return {
    shares: tf.mul(on, tf.expandDims(rowsOf(there, block), 1)),
    bias: tf.mul(tf.sub(1, tf.maximum(on, rest)), ABSENT),
  }
}

/** Which side of a pair is mixed with another item's, in `oneSidedMix`. */
export type MixedSide = 'first' | 'second' | 'both'

/**
 * V-Mix, L-Mix and VL-Mix: one side (or both) is mixed with the row that mirrors it in the batch, so
 * that row i should choose i with share r and its mirror with share 1 - r; with both mixed, both
 * with share 1, a factor of two that is in the paper. Symmetric cross-entropy.
 */
export function mirrorMix(
  u: Tensor2D,
  v: Tensor2D,
  s: Tensor,
  r: Tensor,
  side: MixedSide,
  relation: Relation,
): Tensor {
  const size = u.shape[0]
  const flip = <T extends Tensor>(x: T): T => tf.reverse(x, 0)
  const mixed = (x: Tensor2D): Tensor2D => geodesic(x, flip(x), r)
  const [a, b] = [side === 'second' ? u : mixed(u), side === 'first' ? v : mixed(v)]
  const present = presenceOf(relation, size)
  // A mixture is there where both of its parts are.
  const there = tf.mul(present, flip(present)) as Tensor1D
  const [own, mirror] = side === 'both' ? [tf.scalar(1), tf.scalar(1)] : [r, tf.sub(1, r)]
  const direction = (x: Tensor2D, y: Tensor2D): Tensor =>
    crossEntropy(size, [tf.mul(x, s)], [y], products, block => {
      const shares = tf.add(
        tf.mul(diagonal(size, block), own),
        tf.mul(mirrored(size, block), mirror),
      )
      return {
        shares: tf.mul(shares, tf.expandDims(rowsOf(there, block), 1)),
        ...(relation.present && absentBias({ present: there })),
      }
    })
  const count = tf.maximum(tf.sum(there), 1)
  return tf.div(tf.mul(tf.add(direction(a, b), direction(b, a)), 0.5), count)
}

/** 1 on the other diagonal of the whole matrix, within a block of its rows (block, B). */
const mirrored = (size: number, block: Block): Tensor2D => tf.reverse(diagonal(size, block), 1)

const KINDS = ['m2', 'first', 'second', 'both'] as const

export const mixupTerm = term({
  summary: 'geodesic mixtures of embeddings as hard negatives or soft positives',
  source: 'Geodesic multi-modal mixup (Oh et al. 2023)',
  about: `m2 mixes the two embeddings of an item and uses the mixtures as negatives; first, second and both mix one modality, or each, with another item's (V-, L- and VL-Mix). Beside pcmc with weights of 0.01 (m2) to 0.2 (both), for spaces in which near neighbours have to be told apart. The mirror of a row may be a positive of it: with few items a batch prefer m2.`,
  temperature: true,
  alone: false,
  options: {
    kind: { type: 'choice', choices: KINDS, default: 'm2', short: 'what is mixed' },
    beta: {
      type: 'number',
      default: 0.5,
      min: 0.01,
      max: 100,
      short: 'shape of the share, drawn from Beta(beta, beta)',
    },
  },
  draws: ({ beta: shape }) => ({
    share: { shape: [], dtype: 'float32', fill: ({ key }) => Float32Array.of(beta(key, shape)) },
  }),
  loss:
    ({ kind }) =>
    scene =>
      meanOverPairs(scene, pair => {
        const [u, v] = [scene.units[pair.a]!, scene.units[pair.b]!]
        const [s, relation, r] = [scene.scale(pair), scene.relation(pair), scene.draws.share!]
        return kind === 'm2' ? m2Mix(u, v, s, r, relation) : mirrorMix(u, v, s, r, kind, relation)
      }),
})
