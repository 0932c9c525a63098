import fc from 'fast-check'
import type { Test } from 'tap'
import { jsEngine } from '../../lib/engine/js-engine.js'
import { onnxEngine } from '../../lib/engine/onnx/engine.js'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import type { Engine, Numbers, Program, Tensors } from '../../lib/engine/types.js'
import { signal } from './numbers.js'

export interface Given {
  shape: number[]
  values: Numbers
}

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

let engines: { js: Engine; onnx: Engine } | undefined

/** Both engines, opened once for a test file. */
export const both = (): { js: Engine; onnx: Engine } =>
  (engines ??= { js: jsEngine(), onnx: onnxEngine({ threads: 1 }) })

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
  const program = programOf(cases)
  const expected = await runOnce(js, program, cases)
  const found = await runOnce(onnx, program, cases)
  return Object.keys(expected).flatMap(name => {
    const complaint = compare(found[name]!, expected[name]!)
    return complaint ? [`${name}: ${complaint}`] : []
  })
}

const inputName = (i: number, j: number): string => `case${i}/${j}`

function programOf(cases: readonly Case[]): Program {
  const inputs: Program['inputs'] = {}
  for (const [i, { inputs: given }] of cases.entries())
    for (const [j, { shape, values }] of given.entries())
      inputs[inputName(i, j)] = {
        shape,
        dtype: values instanceof Int32Array ? 'int32' : 'float32',
      }
  return {
    name: 'cases',
    inputs,
    step: ({ inputs }) => {
      const outputs: Tensors = {}
      for (const [i, one] of cases.entries()) {
        const tensors = one.inputs.map((_, j) => inputs[inputName(i, j)]!)
        Object.assign(outputs, outputsOf(`${i} ${one.name}`, one, tensors))
      }
      return { outputs }
    },
  }
}

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

async function runOnce(
  engine: Engine,
  program: Program,
  cases: readonly Case[],
): Promise<Record<string, Numbers>> {
  const state = engine.state({})
  const compiled = await engine.compile(program, state)
  const inputs = Object.fromEntries(
    cases.flatMap(({ inputs }, i) => inputs.map(({ values }, j) => [inputName(i, j), values])),
  )
  try {
    return await compiled.run(inputs)
  } finally {
    compiled.dispose()
    state.dispose()
  }
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
