import { badUsage } from '../../error.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { key, permutation, wordKey } from '../random.js'
import { rowsOf } from './blocks.js'
import { crossEntropy, presenceOf } from './cross-entropy.js'
import type { Scene } from './loss.js'
import { ABSENT } from './relation.js'
import { term } from './term.js'

/** `n`: as many products as rows, in a random order; `n-squared`: every product there is. */
export const SYMILE_NEGATIVES = ['n', 'n-squared'] as const

/** Order of the other modalities' rows in the candidates of one anchor, (B) each, int32. */
export type Orders = (anchor: string, other: string) => Tensor1D

/** What is known of the rows of a batch; whatever is left out holds for all of them. */
export interface Known {
  /** 1 where a row has the modality (B). */
  present?(modality: string): Tensor1D | undefined
  /** Equal where rows of two modalities are one item (B), int32. */
  groups?(anchor: string, other: string): Tensor1D | undefined
}

/** Products to choose among: a row of each other modality times one another, C in all. */
interface Candidates {
  /** (C, d) */
  products: Tensor2D
  /** 1 for each that lacks a part (C). */
  lacking: Tensor1D | undefined
  /** Which row each part is of, by modality (C), int32. */
  rows: Record<string, Tensor1D>
}

/**
 * Symile (METHODS 3.3): for each anchor modality m the candidates are products over the others,
 * c_j = prod_{n != m} U_n[perm_n(j)], the logits s <U_m[i], c_j> with the true product beside them;
 * the mean cross-entropy over anchors. Without `orders` all B^(M-1) products are candidates. Only rows
 * that have all modalities ask. Another product of nothing but the item's own rows is no candidate.
 *
 * The product of M aligned flat unit vectors is about d^(1 - M/2): it is scaled back by d^(M/2 - 1),
 * so that one temperature serves any number of modalities (reconstruction).
 */
export function symile(
  units: Record<string, Tensor2D>,
  s: Tensor,
  orders?: Orders,
  known: Known = {},
): Tensor {
  const names = Object.keys(units)
  const [size, dim] = units[names[0]!]!.shape
  const scale = tf.mul(s, dim ** (names.length / 2 - 1))
  const there = product(names.map(name => presenceOf({ present: known.present?.(name) }, size)))
  const losses = names.map(anchor => {
    const others = names.filter(name => name !== anchor)
    const { products, lacking, rows } = candidatesOf(anchor, others, units, orders, known)
    const truth = tf.sum(product([units[anchor]!, ...others.map(name => units[name]!)]), 1)
    const count = products.shape[0]
    return crossEntropy(
      count + 1,
      [tf.mul(units[anchor]!, scale), tf.mul(truth, scale)],
      [products],
      ([u, own], [c]) =>
        tf.concat(
          [tf.matMul(u as Tensor2D, c as Tensor2D, false, true), tf.expandDims(own!, 1)],
          1,
        ),
      block => {
        // All parts are of the item itself: it is the true product once more.
        const same = others.map(name => {
          const groups = known.groups?.(anchor, name) ?? tf.range(0, size, 1, 'int32')
          return tf.equal(
            tf.expandDims(rowsOf(groups, block), 1),
            tf.expandDims(tf.gather(groups, rows[name]!), 0),
          )
        })
        const own = tf.cast(
          same.reduce((a, b) => tf.logicalAnd(a, b)),
          'float32',
        )
        const barred = lacking ? tf.maximum(own, tf.expandDims(lacking, 0)) : own
        const shares = tf.expandDims(rowsOf(there, block), 1)
        return {
          shares: tf.concat([tf.zeros([block.size, count]), shares], 1),
          bias: tf.concat([tf.mul(barred, ABSENT), tf.zeros([block.size, 1])], 1),
        }
      },
    )
  })
  const sum = losses.reduce((a, b) => tf.add(a, b))
  return tf.div(sum, tf.mul(tf.maximum(tf.sum(there), 1), names.length))
}

function candidatesOf(
  anchor: string,
  others: readonly string[],
  units: Record<string, Tensor2D>,
  orders: Orders | undefined,
  { present }: Known,
): Candidates {
  const [size] = units[anchor]!.shape
  const rows = orders
    ? Object.fromEntries(others.map(name => [name, orders(anchor, name)]))
    : everyCombination(others, size)
  const lacks = others.flatMap(name => {
    const has = present?.(name)
    return has ? [tf.sub(1, tf.gather(has, rows[name]!)) as Tensor1D] : []
  })
  return {
    rows,
    products: product(others.map(name => tf.gather(units[name]!, rows[name]!))),
    lacking: lacks.length > 0 ? lacks.reduce((a, b) => tf.maximum(a, b)) : undefined,
  }
}

/** Row numbers of all combinations, as digits of a number. */
function everyCombination(names: readonly string[], size: number): Record<string, Tensor1D> {
  const count = size ** names.length
  return Object.fromEntries(
    names.map((name, at) => [
      name,
      tf.tensor1d(
        Int32Array.from({ length: count }, (_, c) => Math.floor(c / size ** at) % size),
        'int32',
      ),
    ]),
  )
}

const product = <T extends Tensor>(tensors: T[]): T => tensors.reduce((a, b) => tf.mul(a, b) as T)

const nameOf = (anchor: string, other: string): string => `${anchor}>${other}`

/** The groups that say what one item is in two modalities, where a pair compares them. */
const groupsOf = ({ pairs, relation }: Scene, anchor: string, other: string) => {
  const pair = pairs.find(({ a, b }) => [a, b].includes(anchor) && [a, b].includes(other))
  return pair && relation(pair).groups
}

/** Numbers in the products of one anchor, at most. */
const MOST = 2 ** 26

export const symileTerm = term({
  summary: 'contrast of all modalities at once, by their multilinear product',
  source: 'Symile (Saporta et al. 2024)',
  about: `For three modalities or more, where the third says what no two of them do. Let every bit of one be the exclusive or of those of two others: any two of the three are independent, so every loss over pairs stays at chance, where symile finds 95 of 100 (200 items of 12 bits; chance is one of 200). Retrieval between two modalities is not what it trains; an item is retrieved by all its other modalities together, as in 'photo*caption>voice' of pcm-eval(1), and so are the validation rows that choose the epoch. Rows that lack a modality take no part.`,
  temperature: true,
  alone: true,
  modalities: true,
  together: true,
  options: {
    negatives: {
      type: 'choice',
      choices: SYMILE_NEGATIVES,
      default: 'n',
      short: 'as many products as the batch has rows, or all there are',
    },
  },
  draws: ({ negatives }, { batch, modalities }) =>
    negatives === 'n-squared'
      ? {}
      : Object.fromEntries(
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
  loss:
    ({ negatives }) =>
    scene => {
      const names = Object.keys(scene.units)
      const [size, dim] = scene.units[names[0]!]!.shape
      const count = size ** (names.length - 1)
      if (negatives === 'n-squared' && count * dim > MOST)
        throw badUsage(
          `symile,negatives=n-squared: ${count} products of ${names.length} modalities for a batch of ${size} are too many`,
          'take a smaller --batch, or negatives=n',
        )
      return symile(
        scene.units,
        scene.scale(scene.pairs[0]!),
        negatives === 'n'
          ? (anchor, other) => scene.draws[nameOf(anchor, other)] as Tensor1D
          : undefined,
        { present: scene.present, groups: (anchor, other) => groupsOf(scene, anchor, other) },
      )
    },
})
