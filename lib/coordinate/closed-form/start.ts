import { firstLayer } from '../heads/first-layer.js'
import type { Layout } from '../layout.js'
import type { Model, ModelModality } from '../model.js'
import type { Statistics } from '../data/standardise.js'
import type { Training } from '../train-model.js'
import type { Learned } from '../trainer.js'
import { FORMS, type FormName } from './forms.js'
import { closedFormModel } from './model.js'

/** What linear parts of heads may start with, in place of random numbers. */
export const STARTS = ['cca', 'identity'] as const
export type StartKind = (typeof STARTS)[number]

interface Starting extends Pick<Training, 'source' | 'data' | 'chosen' | 'settings'> {
  layout: Layout
  modalities: readonly ModelModality[]
  statistics: Record<string, Statistics>
  initial: Learned
}

/**
 * Changes what heads start with, in place. `cca`: the first layer is that of a canonical correlation
 * analysis of the training rows (METHODS 3.16), so that training sets out from its quality;
 * `identity`: features are the first guess at the embedding, cut off or filled up with zeros.
 */
export function startFrom(kind: StartKind, starting: Starting): void {
  if (kind === 'identity') return startIdentity(starting)
  const { source, data, chosen, settings, modalities, statistics } = starting
  const numbers = Object.entries(FORMS.cca.options).map(([name, spec]) => [name, spec.default])
  const form = { name: 'cca' as FormName, ...Object.fromEntries(numbers) }
  // One dimension fewer: `spread` leaves the constant one out.
  const own = { ...settings, dim: settings.dim - 1 }
  const rows = chosen.train
  const found = closedFormModel(form, { source, data, rows, settings: own, modalities, statistics })
  for (const { name } of modalities) {
    const { target, map } = partsOf(starting, found, name)
    target.set(spread(map, found.description.dim, settings.dim))
  }
}

/** The parameters to set for a modality, with those of the closed form; its bias becomes 0. */
function partsOf({ layout, initial }: Starting, found: Model, name: string) {
  const head = layout.heads.find(head => head.name === name)!
  const slot =
    head.head.takes === 'codes'
      ? layout.slots.find(({ path }) => path === `${name}/table`)!
      : clearedLayer(layout, initial, name, '--start cca')
  const own = head.head.takes === 'codes' ? 'table' : 'linear.weight'
  const theirs = found.layout.slots.find(({ path }) => path === `${name}/${own}`)!
  const { group, offset, size } = theirs
  return {
    target: initial.values[slot.group].subarray(slot.offset, slot.offset + slot.size),
    map: found.values[group].subarray(offset, offset + size),
  }
}

function clearedLayer(layout: Layout, initial: Learned, name: string, option: string) {
  const slot = firstLayer(layout, name, { option, embed: true })
  const bias = layout.slots.find(({ path }) => path === slot.path.replace(/weight$/, 'bias'))!
  initial.values[bias.group].fill(0, bias.offset, bias.offset + bias.size)
  return slot
}

/**
 * A map (inputs, k) into k of d dimensions, turned into one (inputs, d) with the same inner
 * products: by orthonormal rows, k cosines over d places, all orthogonal to the constant one. So no
 * dimension starts empty, and a LayerNorm, which takes the mean over the dimensions, changes
 * no cosine. Scaled so that the numbers made of standardised features have a mean square near 1.
 */
function spread(map: Float32Array, k: number, d: number): Float32Array {
  const rows = map.length / k
  const scale = Math.sqrt((d * rows) / map.reduce((sum, x) => sum + x * x, 0) / rows)
  const out = new Float32Array(rows * d)
  for (let c = 0; c < k; c++)
    for (let j = 0; j < d; j++) {
      const basis = Math.sqrt(2 / d) * Math.cos((Math.PI * (j + 0.5) * (c + 1)) / d)
      for (let r = 0; r < rows; r++) out[r * d + j]! += scale * basis * map[r * k + c]!
    }
  return out
}

function startIdentity({ layout, initial, modalities }: Starting): void {
  for (const { name, head } of modalities) {
    if (head === 'embedding') continue
    const slot = clearedLayer(layout, initial, name, '--start identity')
    const [inputs, units] = slot.shape as [number, number]
    const weights = initial.values[slot.group].subarray(slot.offset, slot.offset + slot.size)
    weights.fill(0)
    for (let i = 0; i < Math.min(inputs, units); i++) weights[i * units + i] = 1
  }
}
