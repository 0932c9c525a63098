import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import type { Tokens } from '../forward.js'
import type { Parameters } from '../heads/head.js'
import type { Memory } from '../memory.js'
import type { Teacher } from '../teacher.js'
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
  /** 1 where a row has the modality, else 0 (B); absent: all rows have it. */
  present(modality: string): Tensor1D | undefined
  /** The logit scale s = exp(min(l, ln 100)) of a pair, a scalar. */
  scale(pair: Pair): Tensor
  /** What the term has declared to be drawn for this step. */
  draws: Record<string, Tensor>
  /** Unit embeddings of the tokens of a modality, where its features are sequences. */
  tokens?(modality: string): Tokens | undefined
  /** The batch by momentum heads, and a queue: for terms that ask for it. */
  memory?: Memory
  /** The batch as another model sees it, for terms that ask for one. */
  teacher?: Teacher
  /** Name of the grouping that says what the positives of a pair are. */
  grouping?(pair: Pair): string
  /** Parameters that the term has for a pair. */
  parameters?(pair: Pair): Parameters
}

/** A pure function of tensors to a scalar. */
export type Loss = (scene: Scene) => Tensor

/** sum_p w_p l_p / sum_p w_p over the pairs that have rows to compare (METHODS 1.2, 1.5). */
export function meanOverPairs(scene: Scene, loss: (pair: Pair) => Tensor): Tensor {
  return weightedMean(
    scene.pairs.map(pair => ({
      weight: tf.mul(active(scene.relation(pair)), pair.weight),
      value: loss(pair),
    })),
  )
}

/** Mean over the modalities that at least two rows have. */
export const meanOverModalities = (scene: Scene, loss: (modality: string) => Tensor): Tensor =>
  meanOver(scene, Object.keys(scene.units), loss)

/** The same over some modalities. */
export function meanOver(
  scene: Scene,
  modalities: readonly string[],
  loss: (modality: string) => Tensor,
): Tensor {
  return weightedMean(
    modalities.map(modality => ({
      weight: active({ present: scene.present(modality) }),
      value: loss(modality),
    })),
  )
}

/** The pair that says what positives are within a modality: the first it is part of. */
export const firstPairOf = ({ pairs }: Scene, modality: string): Pair =>
  pairs.find(({ a, b }) => a === modality || b === modality)!

function weightedMean(parts: { weight: Tensor; value: Tensor }[]): Tensor {
  const total = parts.map(({ weight }) => weight).reduce((x, y) => tf.add(x, y))
  const sum = parts.map(({ weight, value }) => tf.mul(weight, value)).reduce((x, y) => tf.add(x, y))
  return tf.div(sum, tf.maximum(total, 1e-12))
}
