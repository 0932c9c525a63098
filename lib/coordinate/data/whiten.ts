import type { Matrix } from 'ml-matrix'
import { badUsage } from '../../error.js'
import { viewOf } from '../closed-form/views.js'
import { whitening } from '../closed-form/whitening.js'
import { firstLayer } from '../heads/first-layer.js'
import type { Layout } from '../layout.js'
import type { Training } from '../train-model.js'
import type { Learned } from '../trainer.js'
import { changeAll } from './values.js'

/** One matrix (D, D) a modality that is whitened. */
export type Whitening = Readonly<Record<string, Matrix>>

/**
 * Whitens all vectors in place, x ((1 - share) S + share tr(S)/D I)^-1/2 with S the covariance of the
 * training rows, shrunk as by Ledoit and Wolf (2004) but by a share that is given: 0 whitens fully,
 * 1 changes nothing but the scale. Categories have nothing to whiten. Refuses tokens (64).
 */
export function whitenAll(
  { data, chosen, source }: Pick<Training, 'data' | 'chosen' | 'source'>,
  share: number | undefined,
): Whitening {
  const found: Record<string, Matrix> = {}
  if (share === undefined) return found
  for (const [name, modality] of Object.entries(data.modalities)) {
    if (modality.type === 'codes') continue
    if (modality.tokenOffsets)
      throw badUsage(`${source}: --whiten is of vectors, '${name}' comes as tokens`)
    const view = viewOf(modality, chosen.train)
    found[name] = whitening(view, { keep: 1 - share, add: share })
    const { dim, values } = modality
    const map = Float64Array.from(found[name].to1DArray())
    changeAll(values, dim, numbers => multiply(numbers, dim, map))
  }
  return found
}

/** Every row x of (rows x dim) becomes x W, W (dim x dim) and symmetric. */
function multiply(numbers: Float32Array, dim: number, map: Float64Array): void {
  const row = new Float64Array(dim)
  for (let at = 0; at < numbers.length; at += dim) {
    for (let j = 0; j < dim; j++) {
      let sum = 0
      for (let k = 0; k < dim; k++) sum += numbers[at + k]! * map[j * dim + k]!
      row[j] = sum
    }
    numbers.set(row, at)
  }
}

/** Heads for features that are not whitened: the first linear layer does it, W (x U) = x (W U). */
export function withoutWhitening(layout: Layout, learned: Learned, maps: Whitening): Learned {
  if (Object.keys(maps).length === 0) return learned
  const values = { ...learned.values }
  for (const group of Object.keys(values) as (keyof typeof values)[])
    values[group] = values[group].slice()
  for (const [name, map] of Object.entries(maps)) {
    const { group, offset, shape } = firstLayer(layout, name, { option: '--whiten', embed: false })
    const [inputs, units] = shape as [number, number]
    const old = learned.values[group].subarray(offset, offset + inputs * units)
    for (let i = 0; i < inputs; i++)
      for (let u = 0; u < units; u++) {
        let sum = 0
        for (let k = 0; k < inputs; k++) sum += map.get(i, k) * old[k * units + u]!
        values[group][offset + i * units + u] = sum
      }
  }
  return { ...learned, values }
}
