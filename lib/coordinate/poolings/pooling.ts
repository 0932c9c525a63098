import type { Tensor2D, Tensor3D } from '../../engine/tf.js'
import type { Parameters, ParameterSpec } from '../heads/head.js'

/**
 * Makes one vector of the tokens of an item: x (B, L, d) and mask (B, L), 1 where there is a token,
 * to (B, d). Every item has at least one token; what the mask leaves out has no influence.
 */
export interface Pooling {
  summary: string
  source: string
  /** What it is for, and when it helps: a paragraph for the manual. */
  about: string
  /** Whether it has a meaning for vectors too, each a sequence of one token. */
  vectors?: true
  parameters(dim: number): ParameterSpec[]
  /** Parameters that all modalities pooled like this have in common; `pool` finds them among its own. */
  shared?(dim: number): ParameterSpec[]
  pool(x: Tensor3D, mask: Tensor2D, parameters: Parameters): Tensor2D
}
