import fc from 'fast-check'
import type { Test } from 'tap'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import type { Numbers, Tensors } from '../../lib/engine/types.js'
import { both, compute, type Given } from './compute.js'
import { signal } from './numbers.js'

/** One computation that must give the same numbers wherever it runs. */
export interface Case {
  /** Operation, shapes and attributes: what a failure is reported under. */
  name: string
  inputs: Given[]
  compute(...inputs: Tensor[]): Tensor | Tensor[]
  /** True where it is compared with respect to its float inputs, too. */
  gradient: boolean
}

/** Largest difference allowed, as a share of the tensor's largest value. */
const TOLERANCE = 1e-4

/** What counts as the largest value of a tensor of (nearly) zeros. */
const SMALLEST_SCALE = 1e-3

/**
 * Property: every case agrees between the engines, values and gradients. `family` holds one
 * arbitrary an operation; each run draws one case of each and compiles them all as one program,
 * since it is the sessions that cost time. A failure is shrunk like any other.
 */
export async function agreeOn(
  t: Test,
  family: fc.Arbitrary<Case>[],
  { runs, seed }: { runs: number; seed: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.tuple(...family), async cases => {
      const complaints = await differences(cases)
      if (complaints.length > 0) throw new Error(complaints.join('\n'))
    }),
    { numRuns: runs, seed, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
  )
  t.pass(`${family.length} operations, ${runs} draws of each`)
}

/** Where the engines disagree, one line each. */
export async function differences(cases: Case[]): Promise<string[]> {
  const { js, onnx } = both()
  const given = Object.fromEntries(
    cases.flatMap(({ inputs }, i) => inputs.map((input, j) => [inputName(i, j), input])),
  )
  const step = (tensors: Tensors): Tensors =>
    Object.assign(
      {},
      ...cases.map((one, i) =>
        outputsOf(
          `${i} ${one.name}`,
          one,
          one.inputs.map((_, j) => tensors[inputName(i, j)]!),
        ),
      ),
    ) as Tensors
  const expected = await compute(js, given, step)
  const found = await compute(onnx, given, step)
  return Object.keys(expected).flatMap(name => {
    const complaint = compare(found[name]!, expected[name]!)
    return complaint ? [`${name}: ${complaint}`] : []
  })
}

const inputName = (i: number, j: number): string => `case${i}/${j}`

function outputsOf(name: string, { compute, gradient }: Case, tensors: Tensor[]): Tensors {
  const outputs: Tensors = {}
  const made = [compute(...tensors)].flat()
  for (const [k, tensor] of made.entries())
    outputs[`${name} -> ${k}`] = tensor.dtype === 'bool' ? tf.cast(tensor, 'int32') : tensor
  if (!gradient) return outputs
  const floats = tensors.flatMap((tensor, j) => (tensor.dtype === 'float32' ? [j] : []))
  const projected = (...given: Tensor[]): Tensor => {
    const all = [...tensors]
    floats.forEach((j, at) => (all[j] = given[at]!))
    return [compute(...all)]
      .flat()
      .filter(value => value.dtype === 'float32')
      .map((value, k) => tf.sum(tf.mul(value, tf.tensor(signal(value.size, k), value.shape))))
      .reduce((a, b) => tf.add(a, b))
  }
  const gradients = tf.grads(projected as never)(floats.map(j => tensors[j]!))
  gradients.forEach((tensor, at) => (outputs[`${name} -> d/d${floats[at]}`] = tensor))
  return outputs
}

/** What is wrong with the numbers found, if anything is. NaN and infinities must be the same. */
export function compare(found: Numbers, expected: Numbers): string | undefined {
  const kind = (numbers: Numbers): string => `${numbers.constructor.name}(${numbers.length})`
  if (kind(found) !== kind(expected)) return `${kind(found)}, expected ${kind(expected)}`
  const finite = Array.from(expected, Math.abs).filter(x => Number.isFinite(x))
  const scale = Math.max(SMALLEST_SCALE, ...finite)
  for (const [i, wanted] of expected.entries()) {
    const got = found[i]!
    const same = Object.is(got, wanted) || Math.abs(got - wanted) <= TOLERANCE * scale
    if (!same) return `[${i}] is ${got}, expected ${wanted} (largest ${scale})`
  }
  return undefined
}
