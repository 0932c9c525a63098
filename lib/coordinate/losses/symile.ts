import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { key, permutation, wordKey } from '../random.js'
import { rowsOf } from './blocks.js'
import { crossEntropy, diagonal, presenceOf } from './cross-entropy.js'
import { ABSENT } from './relation.js'
import { term } from './term.js'

/** Order of the other modalities' rows in the candidates of one anchor, (B) each, int32. */
export type Orders = (anchor: string, other: string) => Tensor1D

/**
 * Symile with n negatives: for each anchor modality m the candidates are products over the others,
 * c_j = prod_{n != m} U_n[perm_n(j)], the logits s <U_m[i], c_j> with the true product on the
 * diagonal; the mean cross-entropy over anchors. Only rows that have all modalities take part.
 *
 * The product of M aligned flat unit vectors is about d^(1 - M/2): it is scaled back by d^(M/2 - 1),
 * so that one temperature serves any number of modalities (METHODS 3.3, reconstruction).
 */
export function symile(
  units: Record<string, Tensor2D>,
  s: Tensor,
  orders: Orders,
  present: (modality: string) => Tensor1D | undefined = () => undefined,
): Tensor {
  const names = Object.keys(units)
  const [size, dim] = units[names[0]!]!.shape
  const scale = tf.mul(s, dim ** (names.length / 2 - 1))
  const there = product(names.map(name => presenceOf({ present: present(name) }, size)))
  const losses = names.map(anchor => {
    const others = names.filter(name => name !== anchor)
    const shuffled = others.map(name => tf.gather(units[name]!, orders(anchor, name)))
    const candidates = product(shuffled)
    const truth = tf.sum(tf.mul(units[anchor]!, product(others.map(name => units[name]!))), 1)
    const lacking = others.flatMap(name => {
      const has = present(name)
      return has ? [tf.sub(1, tf.gather(has, orders(anchor, name)))] : []
    })
    const bias =
      lacking.length > 0 &&
      tf.mul(
        lacking.reduce((a, b) => tf.maximum(a, b)),
        ABSENT,
      )
    return crossEntropy(
      size,
      [tf.mul(units[anchor]!, scale), tf.mul(truth, scale)],
      [candidates],
      ([u, own], [c], block) => {
        const on = diagonal(size, block)
        const off = tf.mul(tf.matMul(u as Tensor2D, c as Tensor2D, false, true), tf.sub(1, on))
        return tf.add(off, tf.mul(on, tf.expandDims(own!, 1)))
      },
      block => {
        const on = diagonal(size, block)
        return {
          shares: tf.mul(on, tf.expandDims(rowsOf(there, block), 1)),
          ...(bias && { bias: tf.mul(tf.expandDims(bias, 0), tf.sub(1, on)) }),
        }
      },
    )
  })
  const sum = losses.reduce((a, b) => tf.add(a, b))
  return tf.div(sum, tf.mul(tf.maximum(tf.sum(there), 1), names.length))
}

const product = <T extends Tensor>(tensors: T[]): T => tensors.reduce((a, b) => tf.mul(a, b) as T)

const nameOf = (anchor: string, other: string): string => `${anchor}>${other}`

export const symileTerm = term({
  summary: 'contrast of all modalities at once, by their multilinear product',
  source: 'Symile (Saporta et al. 2024)',
  about: `For three modalities or more, where the third says what no two of them do (exclusive or): there pairwise losses stay at chance. Retrieval between two modalities is not what it trains; an item is retrieved by all its other modalities together. Rows that lack a modality take no part.`,
  temperature: true,
  alone: true,
  modalities: true,
  options: {},
  draws: (_, { batch, modalities }) =>
    Object.fromEntries(
      modalities.flatMap(anchor =>
        modalities
          .filter(other => other !== anchor)
          .map(other => [
            nameOf(anchor, other),
            {
              shape: [batch],
              dtype: 'int32' as const,
              fill: ({ key: step }: { key: number }) =>
                permutation(batch, key(step, wordKey(nameOf(anchor, other)))),
            },
          ]),
      ),
    ),
  loss: () => scene =>
    symile(
      scene.units,
      scene.scale(scene.pairs[0]!),
      (anchor, other) => scene.draws[nameOf(anchor, other)] as Tensor1D,
      scene.present,
    ),
})
