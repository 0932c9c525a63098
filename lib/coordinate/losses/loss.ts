import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { active, type Relation } from './relation.js'

/** Two modalities that a loss compares, and how much they count. */
export interface Pair {
  a: string
  b: string
  /** w_mn of METHODS 1.2; 1 unless the user says otherwise. */
  weight: number
}

export const pairName = ({ a, b }: Pick<Pair, 'a' | 'b'>): string => `${a}+${b}`

/** What a loss sees of one step: all modalities at once. */
export interface Scene {
  /** Unit embeddings U_m (B, d) by modality. */
  units: Record<string, Tensor2D>
  pairs: readonly Pair[]
  relation(pair: Pair): Relation
  /** The logit scale s = exp(min(l, ln 100)) of a pair, a scalar. */
  scale(pair: Pair): Tensor
}

/** A pure function of tensors to a scalar. */
export type Loss = (scene: Scene) => Tensor

/** Whether a loss has a temperature to learn. */
export interface LossSpec {
  summary: string
  source: string
  temperature: boolean
}

/** sum_p w_p l_p / sum_p w_p over the pairs that have rows to compare (METHODS 1.2, 1.5). */
export function meanOverPairs(scene: Scene, loss: (pair: Pair) => Tensor): Tensor {
  const terms = scene.pairs.map(pair => {
    const weight = tf.mul(active(scene.relation(pair)), pair.weight)
    return { weight, weighted: tf.mul(weight, loss(pair)) }
  })
  const total = terms.map(t => t.weight).reduce((x, y) => tf.add(x, y))
  const sum = terms.map(t => t.weighted).reduce((x, y) => tf.add(x, y))
  return tf.div(sum, tf.maximum(total, 1e-12))
}
