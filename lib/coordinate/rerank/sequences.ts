import type { Tensor1D, Tensor3D } from '../../engine/tf.js'
import type { Spec, Tensors } from '../../engine/types.js'
import type { Tokens } from '../forward.js'
import { maskOf } from '../poolings/mask.js'
import type { Sides } from './scorer.js'

/** Pairs of items compared in one run. */
export const BLOCK = 128

/** Inputs of a program that compares sequences: both sides padded to their longest, and lengths. */
export const sequenceInputs = (tokens: Sides<number>, dim: number): Record<string, Spec> => ({
  a: { shape: [BLOCK, tokens.a, dim], dtype: 'float32' },
  b: { shape: [BLOCK, tokens.b, dim], dtype: 'float32' },
  aLengths: { shape: [BLOCK], dtype: 'int32' },
  bLengths: { shape: [BLOCK], dtype: 'int32' },
})

/** One side of such a program. */
export function sequenceOf(inputs: Tensors, side: keyof Sides<unknown>): Tokens {
  const values = inputs[side] as Tensor3D
  return { values, mask: maskOf(inputs[`${side}Lengths`] as Tensor1D, values.shape[1]) }
}
