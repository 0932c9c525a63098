import { type Loss, pairName } from '../../lib/coordinate/losses/loss.js'
import { pcmc } from '../../lib/coordinate/losses/pcmc.js'
import { pcmr, PCMR_FORMS } from '../../lib/coordinate/losses/pcmr.js'
import { unitRows } from '../../lib/engine/ops/unit-rows.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../lib/engine/tf.js'
import type { Tensors } from '../../lib/engine/types.js'
import type { Given } from '../engine/compute.js'

/** Every loss by a name. */
export const LOSSES: Record<string, Loss> = {
  pcmc: pcmc(),
  'pcmc-smoothed': pcmc(0.2),
  ...Object.fromEntries(PCMR_FORMS.map(form => [form, pcmr(form)])),
}

/** A batch as losses see it: raw outputs of the heads, and what is known of the rows. */
export interface Batch {
  size: number
  dim: number
  modalities: string[]
  raw: Record<string, Float32Array>
  pairs: { a: string; b: string; weight: number }[]
  groups?: Int32Array
  /** By modality. */
  present?: Record<string, Int32Array>
  logScale: number
}

/** 1 where a row has both sides of a pair. */
export const inPair = (
  { present }: Batch,
  pair: { a: string; b: string },
): Float32Array | undefined =>
  present && Float32Array.from(present[pair.a]!, (x, i) => x & present[pair.b]![i]!)

/** Inputs of a program that computes losses of the batch. */
export function given(batch: Batch): Record<string, Given> {
  const { size, dim, modalities, raw, pairs, groups, logScale } = batch
  const inputs: Record<string, Given> = {
    scale: { shape: [], values: Float32Array.of(logScale) },
  }
  for (const name of modalities) inputs[name] = { shape: [size, dim], values: raw[name]! }
  if (groups) inputs.groups = { shape: [size], values: groups }
  for (const pair of pairs) {
    const present = inPair(batch, pair)
    if (present) inputs[pairName(pair)] = { shape: [size], values: present }
  }
  return inputs
}

/** Value of a loss, and its gradients by the raw outputs and by the log of the scale. */
export function derive(name: string, batch: Batch, inputs: Tensors): Tensors {
  const loss = LOSSES[name]!
  const temperate = name.startsWith('pcmc')
  const { modalities, pairs } = batch
  const value = (...tensors: Tensor[]): Tensor =>
    loss({
      units: Object.fromEntries(
        modalities.map((name, i) => [name, unitRows(tensors[i]! as Tensor2D)]),
      ),
      pairs,
      present: () => undefined,
      draws: {},
      scale: () => tf.exp(tensors[modalities.length]!),
      relation: pair => ({
        ...(inputs.groups && { groups: inputs.groups as Tensor1D }),
        ...(inputs[pairName(pair)] && { present: inputs[pairName(pair)] as Tensor1D }),
      }),
    })
  const variables = [...modalities.map(name => inputs[name]!), inputs.scale!]
  // PCMR has no temperature, and TensorFlow.js differentiates only by what is used.
  const used = temperate ? variables : variables.slice(0, -1)
  const { value: found, grads } = tf.valueAndGrads(((...x: Tensor[]) =>
    value(...x, ...variables.slice(x.length))) as never)(used)
  return Object.fromEntries([
    ['value', found],
    ...grads.map((gradient, i) => [[...modalities, 'scale'][i]!, gradient]),
  ]) as Tensors
}
