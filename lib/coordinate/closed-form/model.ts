import { badData } from '../../error.js'
import type { Dataset } from '../data/dataset.js'
import { headsOf, type Model, type ModelModality } from '../model.js'
import { emptyValues, layoutOf } from '../layout.js'
import type { Statistics } from '../data/standardise.js'
import type { TrainSettings } from '../settings.js'
import { pairName } from '../losses/loss.js'
import { cca } from './cca.js'
import { shares, viewOf } from './views.js'

/** What `--closed-form` asks for. */
export interface ClosedForm {
  name: 'cca'
  /** Share of the mean variance that is added to every variance. */
  ridge: number
  /** What a direction shares is raised to this, and scales it. */
  power: number
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
  const { maps, shared } = cca(views, settings.pairs, { dim: settings.dim, ...form })
  if (!(shared[0]! > 0))
    throw badData(`${task.source}: no two modalities share anything among the training rows`)
  const modalities = task.modalities.map(m => ({
    ...m,
    head: m.head === 'embedding' ? m.head : ('linear' as const),
    dropout: 0,
  }))
  const description = {
    format: 1 as const,
    dim: shared.length,
    modalities,
    loss: form.name,
    temperature: 'fixed',
    pairs: settings.pairs.map(pairName),
    training: { rows: rows.length, ridge: form.ridge, power: form.power, shared },
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

/** Row c of a category's table: its indicator, less the mean of all indicators, mapped. */
function tableOf(map: number[][], data: Dataset, name: string, rows: Int32Array): number[] {
  const modality = data.modalities[name]!
  if (modality.type !== 'codes') throw new Error(`${name} is no category`)
  const present = Uint8Array.from(rows, r => modality.present[r]!)
  const share = shares(modality.codes, modality.categories, rows, present)
  const mean = map[0]!.map((_, k) => map.reduce((sum, row, c) => sum + share[c]! * row[k]!, 0))
  return map.flatMap(row => row.map((x, k) => x - mean[k]!))
}
