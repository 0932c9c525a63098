import { unitRows } from '../../lib/engine/ops/unit-rows.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../lib/engine/tf.js'
import type { Tensors } from '../../lib/engine/types.js'
import { TERMS } from '../../lib/coordinate/losses/index.js'
import { pairName } from '../../lib/coordinate/losses/loss.js'
import { parseAdded } from '../../lib/coordinate/losses/parse-term.js'
import { drawsOf, momentOf, sumOfTerms } from '../../lib/coordinate/losses/sum.js'
import type { Memory } from '../../lib/coordinate/memory.js'
import type { Given } from '../engine/compute.js'
import { reals } from '../engine/numbers.js'
import { type Batch, given } from './batch.js'

/** A step for one term: what would be fed, and the term's value and gradients. */

const has = (name: string): string => `has ${name}`

/** A teacher knows all modalities but the third, in a space of its own. */
export const TEACHER_SCALE = 6
export const taught = (name: string): string => `taught ${name}`
export const known = (modalities: readonly string[]): string[] => modalities.slice(0, 2)

/** Everything a step would feed: the batch, who has what, and what the term draws. */
export function inputsOf(text: string, batch: Batch): Record<string, Given> {
  const { size, modalities, present } = batch
  const inputs = given(batch)
  for (const name of present ? modalities : [])
    inputs[has(name)] = { shape: [size], values: Float32Array.from(present![name]!) }
  for (const [i, name] of known(modalities).entries())
    inputs[taught(name)] = {
      shape: [size, batch.dim],
      values: reals(size * batch.dim, 77 + i + Math.round(1e6 * batch.raw[name]![0]!), -1, 1),
    }
  for (const { name, shape, fill } of drawsOf([parseAdded(text)], {
    batch: size,
    modalities,
    pairs: batch.pairs,
  }))
    inputs[name] = { shape, values: fill(momentOf(name, 1, 3, 0)) }
  return inputs
}

/** Value of a term, and its gradients by the raw outputs and by the log of the scale. */
export function derive(text: string, { modalities, pairs }: Batch, inputs: Tensors): Tensors {
  const term = parseAdded(text)
  const variables = [...modalities.map(name => inputs[name]!), inputs.scale!]
  const value = (...tensors: Tensor[]): Tensor => {
    const all = [...tensors, ...variables.slice(tensors.length)]
    // A modality that a term does not look at has a gradient of zero, not none.
    const nothing = tf.mul(
      all.map(x => tf.sum(x)).reduce((a, b) => tf.add(a, b)),
      0,
    )
    const sum = sumOfTerms(
      [term],
      {
        units: Object.fromEntries(
          modalities.map((name, i) => [name, unitRows(all[i]! as Tensor2D)]),
        ),
        pairs,
        scale: () => tf.exp(all.at(-1)!),
        relation: pair => ({
          ...(inputs.groups && { groups: inputs.groups as Tensor1D }),
          ...(inputs[pairName(pair)] && { present: inputs[pairName(pair)] as Tensor1D }),
        }),
        present: name => inputs[has(name)] as Tensor1D | undefined,
        teacher: {
          units: Object.fromEntries(
            known(modalities).map(name => [name, unitRows(inputs[taught(name)] as Tensor2D)]),
          ),
          scale: () => TEACHER_SCALE,
        },
        grouping: () => 'id',
        memory: memoryOf(inputs, modalities),
      },
      inputs,
    )
    return tf.add(sum, nothing)
  }
  const used = TERMS[term.name]!.temperature ? variables : variables.slice(0, -1)
  const { value: found, grads } = tf.valueAndGrads(value as never)(used)
  return Object.fromEntries([
    ['value', found],
    ...grads.map((gradient, i) => [[...modalities, 'scale'][i]!, gradient]),
  ]) as Tensors
}

/** Momentum heads that make of a batch what the heads do, and no queue. */
function memoryOf(inputs: Tensors, modalities: readonly string[]): Memory {
  const units = Object.fromEntries(
    modalities.map(name => [name, unitRows(inputs[name] as Tensor2D)]),
  )
  const [size] = units[modalities[0]!]!.shape
  const groups = inputs.groups ?? tf.range(0, size, 1, 'int32')
  return {
    units,
    tokens: () => undefined,
    candidates: name => ({
      units: units[name]!,
      has: (inputs[has(name)] as Tensor1D | undefined) ?? tf.ones([size]),
    }),
    groups: () => tf.cast(groups, 'float32') as Tensor1D,
  }
}
