import type { Matrix } from 'ml-matrix'
import { badData, badUsage } from '../../error.js'
import type { Dataset } from '../data/dataset.js'
import { headsOf, type Model, type ModelModality } from '../model.js'
import { emptyValues, layoutOf } from '../layout.js'
import type { Statistics } from '../data/standardise.js'
import type { TrainSettings } from '../settings.js'
import { pairName } from '../losses/loss.js'
import { anchorOf, procrustesMaps, ridgeMaps } from './anchored.js'
import { cca } from './cca.js'
import type { FormName, FormOption } from './forms.js'
import { relativeMaps } from './relative.js'
import { common, shares, type View, viewOf } from './views.js'

/** What `--closed-form` asks for, with the numbers it takes. */
export interface ClosedForm extends Partial<Record<FormOption, number>> {
  name: FormName
}

export interface ClosedFormTask {
  source: string
  data: Dataset
  rows: Int32Array
  settings: TrainSettings
  modalities: readonly ModelModality[]
  statistics: Record<string, Statistics>
}

/** Linear heads (tables, for categories) in closed form, as a model like any other. */
export function closedFormModel(form: ClosedForm, task: ClosedFormTask): Model {
  const { data, rows, settings, statistics } = task
  const views = Object.fromEntries(
    task.modalities.map(({ name }) => [name, viewOf(data.modalities[name]!, rows)]),
  )
  const { maps, shared } = mapsOf(form, views, task)
  const dim = Object.values(maps)[0]!.columns
  const modalities = task.modalities.map(m => ({
    ...m,
    head: m.head === 'embedding' ? m.head : ('linear' as const),
    dropout: 0,
  }))
  const { name, ...numbers } = form
  const description = {
    format: 1 as const,
    dim,
    modalities,
    loss: name,
    temperature: 'fixed',
    pairs: settings.pairs.map(pairName),
    training: { rows: rows.length, ...numbers, ...(shared && { shared }) },
  }
  const layout = layoutOf(headsOf(description, new Set(modalities.map(({ name }) => name))))
  const flat = emptyValues(layout)
  for (const { path, group, offset, size } of layout.slots) {
    const [name, parameter] = [path.slice(0, path.indexOf('/')), path.slice(path.indexOf('/') + 1)]
    const map = maps[name]!
    const target = flat[group].subarray(offset, offset + size)
    if (parameter === 'linear.weight') target.set(map.to1DArray())
    if (parameter === 'table') target.set(tableOf(map.to2DArray(), data, name, rows))
  }
  const logScale = Float32Array.of(Math.log(settings.scale))
  return { description, layout, values: flat, logScale, statistics }
}

interface Maps {
  /** One map (dim, k) a modality, from standardised features. */
  maps: Record<string, Matrix>
  /** What each direction shares, where the form tells. */
  shared?: number[]
}

function mapsOf(form: ClosedForm, views: Record<string, View>, task: ClosedFormTask): Maps {
  const { pairs, dim, seed } = task.settings
  const nothing = (what: string): Error => badData(`${task.source}: ${what}`)
  const { ridge = 0, power = 0 } = form
  if (form.name === 'relative') {
    const maps = relativeMaps(views, { dim, seed })
    if (Object.values(maps)[0]!.columns === 0)
      throw nothing('no training row has all modalities, and could be an anchor')
    return { maps }
  }
  if (form.name === 'cca') {
    const found = cca(views, pairs, { dim, ridge, power })
    if (!(found.shared[0]! > 0))
      throw nothing('no two modalities share anything among the training rows')
    for (const name of emptyMaps(found.maps))
      throw nothing(
        `modality '${name}' shares nothing with the others among the training rows, and canonical correlation analysis would map it to zero: leave it out of the pairs`,
      )
    return found
  }
  refuseUnpaired(form.name, views, task)
  return {
    maps:
      form.name === 'ridge'
        ? ridgeMaps(views, pairs, { dim, ridge })
        : procrustesMaps(views, pairs, { dim }),
  }
}

/** Of the longest map, a length that is rounding. */
const ROUNDING = 1e-9

/** Modalities whose embeddings would have no direction: a constant one, say. */
function emptyMaps(maps: Readonly<Record<string, Matrix>>): string[] {
  const lengths = Object.entries(maps).map(([name, map]) => ({ name, length: map.norm() }))
  const longest = Math.max(...lengths.map(({ length }) => length))
  return lengths.filter(({ length }) => !(length > ROUNDING * longest)).map(({ name }) => name)
}

/** What is mapped to one modality needs a pair with it, and rows that have both. */
function refuseUnpaired(name: FormName, views: Record<string, View>, task: ClosedFormTask): void {
  const { pairs } = task.settings
  const anchor = anchorOf(pairs)
  for (const other of Object.keys(views)) {
    if (other === anchor) continue
    if (!pairs.some(({ a, b }) => [a, b].includes(anchor) && [a, b].includes(other)))
      throw badUsage(
        `--closed-form ${name} maps all modalities to ${anchor}, the first of the first --pair: expected --pair ${anchor}+${other} as well`,
      )
    const [{ present }] = common(views[other]!, views[anchor]!)
    if (present.filter(Boolean).length < 2)
      throw badData(
        `${task.source}: fewer than 2 training rows have both ${anchor} and ${other}, and --closed-form ${name} maps one to the other`,
      )
  }
}

/** Row c of a category's table: its indicator, less the mean of all indicators, mapped. */
function tableOf(map: number[][], data: Dataset, name: string, rows: Int32Array): number[] {
  const modality = data.modalities[name]!
  if (modality.type !== 'codes') throw new Error(`${name} is no category`)
  const present = Uint8Array.from(rows, r => modality.present[r]!)
  const share = shares(modality.codes, modality.categories, rows, present)
  const mean = map[0]!.map((_, k) => map.reduce((sum, row, c) => sum + share[c]! * row[k]!, 0))
  return map.flatMap(row => row.map((x, k) => x - mean[k]!))
}
