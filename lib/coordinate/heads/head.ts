import type { Tensor, Tensor2D } from '../../engine/tf.js'

/** Sizes of one head; all in numbers of units. */
export interface HeadSize {
  /** Numbers per feature vector, or the number of categories. */
  input: number
  /** Units of the hidden layer. */
  hidden: number
  /** Dimensions of the shared space. */
  output: number
}

/** How a parameter starts: `fan-in` draws from U(-1/sqrt(n), 1/sqrt(n)), n the inputs of a unit. */
export type Initial = { fanIn: number } | { constant: number } | { normal: number }

export interface ParameterSpec {
  name: string
  shape: number[]
  initial: Initial
  /** Whether weight decay applies: not to biases and norms. */
  decay: boolean
  /** The parameter whose draws it starts with; its own, where left out. */
  as?: string
}

export type Parameters = Record<string, Tensor>

/**
 * A trained map from features to the shared space, before the norm is taken. `forward` is a pure
 * function of tensors: x (B, input), or category codes (B); masks are dropout masks to multiply
 * with, absent outside training; the result is (B, output).
 */
export interface Head {
  summary: string
  source: string
  /** What it is for, and when it helps: a paragraph for the manual. */
  about: string
  /** What `forward` takes: feature vectors, or category codes. */
  takes: 'vectors' | 'codes'
  parameters(size: HeadSize): ParameterSpec[]
  /**
   * The linear layer that features go through before anything else happens to them, and whether what it
   * makes is the embedding already, or a first guess at it.
   */
  first?: { layer: string; embeds: boolean }
  /** Widths of the dropout masks that `forward` takes. */
  dropouts(size: HeadSize): number[]
  forward(x: Tensor, parameters: Parameters, masks: readonly Tensor[]): Tensor2D
}

/** Weight and bias of a linear layer, as PyTorch starts them. */
export const linearParameters = (name: string, inputs: number, units: number): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [inputs, units], initial: { fanIn: inputs }, decay: true },
  { name: `${name}.bias`, shape: [units], initial: { fanIn: inputs }, decay: false },
]

export const normParameters = (name: string, units: number): ParameterSpec[] => [
  { name: `${name}.scale`, shape: [units], initial: { constant: 1 }, decay: false },
  { name: `${name}.shift`, shape: [units], initial: { constant: 0 }, decay: false },
]
