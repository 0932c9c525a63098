import type { Numbers, Spec } from '../../engine/types.js'
import type { Augmentation } from '../augment.js'
import type { ParameterSpec } from '../heads/head.js'
import type { Loss, Pair } from './loss.js'

/** A setting of a term, given as `NAME=VALUE` behind it. */
export type TermOption =
  | { type: 'number'; default: number; min: number; max: number; short: string }
  | { type: 'choice'; choices: readonly string[]; default: string; short: string }

export type TermOptions = Readonly<Record<string, TermOption>>

type Value<Option> = Option extends { choices: readonly (infer Choice)[] } ? Choice : number

export type TermValues<Options> = { [Name in keyof Options]: Value<Options[Name]> }

/** What the shapes of a term's draws follow from. */
export interface Shapes {
  batch: number
  /** Modalities in training, in order. */
  modalities: readonly string[]
  pairs: readonly Pair[]
}

/** When a number is drawn. */
export interface Moment {
  /** Key of the random sequence that belongs to this draw in this step. */
  key: number
  /** From 0. */
  epoch: number
  /** Epochs that have passed, the present one by its share of steps. */
  passed: number
}

/** Numbers that change from step to step, made beside the graph: random ones, ramps, switches. */
export interface Draw extends Spec {
  fill(moment: Moment): Numbers
}

/**
 * One summand of a loss: a pure function of the embeddings of a batch, by its options. Whatever it
 * needs that is no tensor of the scene it declares as draws.
 */
export interface Term<Options extends TermOptions = TermOptions> {
  /** One line for lists: lower-case start, no full stop. */
  summary: string
  source: string
  /** When it helps, what is reconstructed: a paragraph for the manual. */
  about: string
  /** Whether it reads the temperature, which is then learned. */
  temperature: boolean
  /** Whether it may be the whole loss; what only spreads or only attracts may not. */
  alone: boolean
  /** Whether it looks at modalities by themselves and so must know which rows have them. */
  modalities?: true
  /** Whether it trains the retrieval of one modality by the product of all others, not by another. */
  together?: true
  /** Whether it looks at the momentum heads and the queue, which then exist. */
  memory?: true
  /** Where it looks at another model: whether that must know a pair, and have the same dimensions. */
  teacher?: { pair: boolean; space: boolean }
  /** Whether it looks at tokens, which are then kept, and whether it is nothing without them. */
  tokens?: 'used' | 'needed'
  options: Options
  /** How the momentum heads' view of the features differs from that of the heads. */
  augmentation?(values: TermValues<Options>): Augmentation
  /** What is wrong with options that are each in their range, if anything is. */
  check?(values: TermValues<Options>): string | undefined
  /** Parameters of its own, for every pair; `dim` is that of the shared space. */
  parameters?(values: TermValues<Options>, dim: number): ParameterSpec[]
  draws?(values: TermValues<Options>, shapes: Shapes): Record<string, Draw>
  loss(values: TermValues<Options>): Loss
}

/** Declares a term; `const` keeps the literal types of its options. */
export const term = <const Options extends TermOptions>(spec: Term<Options>): Term =>
  spec as unknown as Term

/** A term as it was asked for. */
export interface WeightedTerm {
  name: string
  weight: number
  values: Readonly<Record<string, number | string>>
}
