import type { Test } from 'tap'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import type { Tensors } from '../../lib/engine/types.js'
import { compare } from '../engine/agree.js'
import { both, compute, type Given } from '../engine/compute.js'
import { slopes } from './float64.js'

export type Values = Record<string, ArrayLike<number>>

/**
 * Property: a scalar of tensors has, on both engines, the value of float64 loops that share nothing
 * with it, and their finite differences as gradients by the inputs named.
 */
export async function agrees(
  t: Test,
  name: string,
  inputs: Record<string, Given>,
  variables: readonly string[],
  value: (tensors: Tensors) => Tensor,
  truth: (values: Values) => number,
): Promise<void> {
  const numbers = Object.fromEntries(
    Object.entries(inputs).map(([input, { values }]) => [input, Float64Array.from(values)]),
  )
  const of = (): number => truth(numbers)
  const wanted: Record<string, number[]> = {
    value: [of()],
    ...Object.fromEntries(variables.map(input => [input, slopes(of, numbers[input]!)])),
  }
  for (const [engine, opened] of Object.entries(both())) {
    const found = await compute(opened, inputs, tensors => {
      const at = (...given: Tensor[]): Tensor =>
        value({ ...tensors, ...Object.fromEntries(variables.map((v, i) => [v, given[i]!])) })
      const made = tf.valueAndGrads(at as never)(variables.map(v => tensors[v]!))
      return {
        value: made.value,
        ...Object.fromEntries(variables.map((v, i) => [v, made.grads[i]!])),
      }
    })
    for (const [what, expected] of Object.entries(wanted))
      t.equal(
        compare(found[what]!, Float32Array.from(expected)),
        undefined,
        `${name}: ${engine}: ${what}`,
      )
  }
}

export const rowsOf = (values: ArrayLike<number>, dim: number): number[][] =>
  Array.from({ length: values.length / dim }, (_, i) =>
    Array.from({ length: dim }, (_, j) => values[i * dim + j]!),
  )

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, k) => sum + x * b[k]!, 0)

export const unitOf = (a: readonly number[]): number[] => {
  const norm = Math.hypot(...a)
  return a.map(x => x / norm)
}

export const softmaxOf = (logits: readonly number[]): number[] => {
  const largest = Math.max(...logits)
  const powers = logits.map(x => Math.exp(x - largest))
  const sum = powers.reduce((a, b) => a + b)
  return powers.map(x => x / sum)
}

export const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
