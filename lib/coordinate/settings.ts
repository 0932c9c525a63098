import type { HeadKind } from './heads/index.js'
import type { Pair } from './losses/loss.js'
import type { WeightedTerm } from './losses/term.js'
import type { PoolingKind } from './poolings/index.js'

/** One scalar for all pairs, one a pair, or one that is never learned (METHODS 1.2). */
export const TEMPERATURES = ['shared', 'per-pair', 'fixed'] as const
export type Temperature = (typeof TEMPERATURES)[number]

/** What a head is like; its input size follows from the data. */
export interface HeadSettings {
  kind: HeadKind
  /** How tokens become one vector; undefined: by their mean, before the head. */
  pooling?: PoolingKind | undefined
  hidden: number
  /** Probability of dropping a unit, in steps of 1/256. */
  dropout: number
}

export interface TrainSettings {
  /** Summands of the loss; the first stands alone. */
  terms: readonly WeightedTerm[]
  temperature: Temperature
  /** The logit scale s = 1/tau to start with (or to keep). */
  scale: number
  /** Dimensions of the shared space. */
  dim: number
  head(modality: string): HeadSettings
  pairs: readonly Pair[]
  /** Modalities whose parameters stay as they are. */
  frozen: ReadonlySet<string>
  epochs: number
  batch: number
  /** Rows of a batch that come together: one and its neighbours; 1: rows come by themselves. */
  together: number
  /** Peak learning rate of AdamW; weight decay; largest gradient norm. */
  rate: number
  decay: number
  clip: number
  /** Share of all steps in which the rate rises from 0 to its peak. */
  warmup: number
  /** Epochs without a better validation r@1 before stopping; 0 = never. */
  patience: number
  /** How much of the momentum heads stays from step to step. */
  momentum: number
  /** Rows of earlier batches that terms with a memory look at, at most. */
  queue: number
  seed: number
}
