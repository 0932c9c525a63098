import { badData, badUsage, Exit, PcmError } from '../error.js'
import type { Engine } from '../engine/types.js'
import { openSimilarity } from '../retrieve/open-similarity.js'
import { collect } from '../stream/collect.js'
import type { InputStream } from '../stream/read.js'
import type { ModalityField } from '../stream/types.js'
import { type Dataset, type ModalityData } from './data/dataset.js'
import { fit, type Fitted, type Watcher } from './fit.js'
import { initialValues, type Layout, layoutOf, type ModalityHead } from './layout.js'
import type { Pair } from './losses/loss.js'
import { pairName } from './losses/loss.js'
import type { Model, ModelModality } from './model.js'
import { mergeModels } from './merge.js'
import { chooseRows, type ChosenRows, columnsOf, type RowChoice } from './rows.js'
import type { TrainSettings } from './settings.js'
import {
  allPairs,
  checkPairs,
  datasetOf,
  groupingOf,
  type Positives,
  standardiseAll,
} from './spaces.js'
import type { Learned } from './trainer.js'

export interface TrainTask {
  settings: Omit<TrainSettings, 'pairs'>
  /** Pairs the loss looks at; none named: all. */
  pairs: readonly Pair[]
  positives: readonly Positives[]
  rows: RowChoice
  refit: boolean
  standardise: boolean
  /** A model to start from: its heads, its statistics, its space. */
  init?: Model
}

/** What is told while it runs. */
export interface TrainWatcher extends Watcher {
  /** Rows, pairs and parameters, once they are known. */
  start(plan: TrainPlan): void
  /** Training starts again on training and validation rows, for this many epochs. */
  refit(epochs: number): void
  warn(text: string): void
}

export interface TrainPlan {
  rows: number
  train: number
  val: number
  /** Training rows that have both sides, by pair. */
  pairs: Record<string, number>
  parameters: number
  batch: number
}

/**
 * Reads features, trains one head per modality and returns the model; nothing where the watcher
 * stopped it. Throws usage (64) for names the stream lacks, no rows (2), bad data (65).
 */
export async function train(
  stream: InputStream,
  engine: Engine,
  task: TrainTask,
  watcher: TrainWatcher,
): Promise<Model | undefined> {
  const fields = stream.schema.modalities
  const names = fields.map(({ name }) => name)
  checkTask(task, names)
  const pairs = task.pairs.length > 0 ? task.pairs : allPairs(names, task.settings.frozen)
  checkPairs(pairs, names)
  if (pairs.length === 0)
    throw badData(
      `${stream.name}: ${names.length === 1 ? `only one modality, '${names[0]}'` : 'no pair to train'}`,
      'coordination needs a pair of modalities of which one is not frozen',
    )
  const settings: TrainSettings = { ...task.settings, pairs }
  const used = fields.filter(({ name }) => pairs.some(({ a, b }) => a === name || b === name))
  const grouping = groupingOf(task.positives, fields)
  const collected = await collect(stream, {
    modalities: [...used.map(({ name }) => name), ...categoriesOf(pairs, grouping, used)],
    others: otherColumns(stream, task, pairs, grouping),
  })
  const chosen = chooseRows(
    task.rows,
    { id: collected.others.id!.values, other: name => collected.others[name]?.values },
    settings.seed,
  )
  if (chosen.train.length < 2)
    throw new PcmError(
      `${stream.name}: ${chosen.train.length} rows to train on, at least 2 needed`,
      {
        exit: Exit.noRows,
        hint: 'see --train, --where and the split column',
      },
    )
  const data = datasetOf(collected, fields, pairs, grouping)
  const training = { engine, task, settings, data, fields: used, chosen, watcher }
  return await trainModel(training)
}

interface Training {
  engine: Engine
  task: TrainTask
  settings: TrainSettings
  data: Dataset
  fields: readonly ModalityField[]
  chosen: ChosenRows
  watcher: TrainWatcher
}

async function trainModel(training: Training): Promise<Model | undefined> {
  const { engine, task, settings, data, fields, chosen, watcher } = training
  const modalities = fields.map(field => modalityOf(field, data.modalities[field.name]!, training))
  const layout = layoutOf(modalities.map(m => headOf(m, settings)))
  watcher.start(planOf(training, layout))
  const known = task.init?.statistics ?? {}
  const statistics = task.standardise
    ? standardiseAll(data, chosen.train, known)
    : standardiseAll(data, chosen.train, { ...plainStatistics(data), ...known })
  const initial = startOf(layout, settings, task.init)
  const similarity = openSimilarity(engine)
  const given = { engine, similarity, data, layout, settings, initial }
  let fitted = await fit({ ...given, ...chosen }, watcher)
  if (fitted && task.refit && chosen.val.length > 0) {
    watcher.refit(fitted.epoch)
    const everything = Int32Array.from([...chosen.train, ...chosen.val]).sort()
    const again = { train: everything, val: new Int32Array(0), stopAfter: fitted.epoch }
    const { validation } = fitted
    fitted = await fit({ ...given, ...again }, watcher)
    if (fitted) fitted.validation = validation
  }
  await similarity.close()
  if (!fitted) return undefined
  const { values, logScale } = fitted.learned
  const model: Model = {
    description: {
      format: 1,
      dim: settings.dim,
      modalities,
      loss: settings.loss,
      temperature: settings.temperature,
      pairs: settings.pairs.map(pairName),
      training: trainingOf(fitted, chosen, task.refit),
    },
    layout,
    values,
    logScale,
    statistics,
  }
  return task.init ? mergeModels(task.init, model) : model
}

const trainingOf = (
  { epoch, epochs, steps, loss, validation }: Fitted,
  { train, val }: ChosenRows,
  refit: boolean,
): Record<string, unknown> => ({
  rows: train.length + (refit ? val.length : 0),
  epoch,
  epochs,
  steps,
  loss,
  ...(validation && { 'val r@1': validation.mean }),
})

const headOf = (m: ModelModality, { dim, frozen }: TrainSettings): ModalityHead => ({
  name: m.name,
  kind: m.head,
  size: { input: m.input, hidden: m.hidden, output: dim },
  dropout: frozen.has(m.name) ? 0 : m.dropout,
  frozen: frozen.has(m.name),
})

/** The head of a modality: that of --init where it has one, else what the settings say. */
function modalityOf(
  field: ModalityField,
  data: ModalityData,
  { task, settings, watcher }: Training,
): ModelModality {
  const { name, kind, encoder, vocabulary } = field
  const input = data.type === 'codes' ? data.categories : data.dim
  const own = settings.head(name)
  const known = task.init?.description.modalities.find(m => m.name === name)
  if (known) {
    checkKnown(known, field, input)
    if (known.encoder !== undefined && encoder !== undefined && known.encoder !== encoder)
      watcher.warn(`'${name}' was encoded by ${encoder}, the model's head by ${known.encoder}`)
    return { ...known, dropout: known.head === 'embedding' ? 0 : own.dropout }
  }
  return {
    name,
    kind,
    head: data.type === 'codes' ? 'embedding' : own.kind,
    input,
    hidden: own.hidden,
    dropout: data.type === 'codes' ? 0 : own.dropout,
    ...(encoder !== undefined && { encoder }),
    ...(vocabulary && { vocabulary }),
  }
}

/** Refuses features that a known head was not made for. */
export function checkKnown(known: ModelModality, field: ModalityField, input: number): void {
  const { name, vocabulary } = field
  if ((known.head === 'embedding') !== (field.kind === 'category'))
    throw badData(`column '${name}' is ${field.kind}, the model has ${known.kind} under that name`)
  if (known.vocabulary && known.vocabulary.join('\0') !== vocabulary?.join('\0'))
    throw badData(
      `column '${name}' has another vocabulary than the model (${vocabulary?.length} and ${known.vocabulary.length} names)`,
      'extract it with vocab=FILE, the vocabulary the model was trained with',
    )
  if (known.input !== input)
    throw badData(
      `column '${name}' has vectors of ${input} numbers, the model expects ${known.input}`,
    )
}

/** Parameters to start from: drawn from the seed, or those of --init. */
function startOf(layout: Layout, settings: TrainSettings, init: Model | undefined): Learned {
  const values = initialValues(layout, settings.seed)
  const scales = settings.temperature === 'per-pair' ? settings.pairs.length : 1
  const logScale = new Float32Array(scales).fill(Math.log(settings.scale))
  if (!init) return { values, logScale }
  for (const { path, group, offset, size } of init.layout.slots) {
    const slot = layout.slots.find(s => s.path === path)
    if (slot)
      values[slot.group].set(init.values[group].subarray(offset, offset + size), slot.offset)
  }
  if (init.logScale.length === scales) logScale.set(init.logScale)
  return { values, logScale }
}

/** Statistics that leave features as they are. */
const plainStatistics = (data: Dataset) =>
  Object.fromEntries(
    Object.entries(data.modalities).flatMap(([name, m]) =>
      m.type === 'codes'
        ? []
        : [[name, { mean: new Float32Array(m.dim), deviation: new Float32Array(m.dim).fill(1) }]],
    ),
  )

function checkTask({ settings, init }: TrainTask, names: readonly string[]): void {
  const { frozen, dim } = settings
  for (const name of frozen) {
    if (!names.includes(name)) throw badUsage(`--freeze ${name}: no such modality in the stream`)
    if (!init?.description.modalities.some(m => m.name === name))
      throw badUsage(`--freeze ${name}: needs --init with a model that has a head for it`)
  }
  if (init && init.description.dim !== dim)
    throw badUsage(`--dim ${dim}: the model of --init has ${init.description.dim} dimensions`)
}

/** Category modalities that say what positives are though no pair holds them: none today, but ids. */
const categoriesOf = (
  pairs: readonly Pair[],
  grouping: Dataset['grouping'],
  used: readonly ModalityField[],
): string[] =>
  pairs
    .map(pair => grouping(pair))
    .filter(name => name.startsWith('category:'))
    .map(name => name.slice('category:'.length))
    .filter(name => !used.some(field => field.name === name))

function otherColumns(
  stream: InputStream,
  task: TrainTask,
  pairs: readonly Pair[],
  grouping: Dataset['grouping'],
): string[] {
  const has = new Set(stream.schema.others.map(({ name }) => name))
  const wanted = pairs.map(grouping).flatMap(name => {
    const [kind, column] = name.split(/:(.*)/s)
    return kind === 'column' ? [column!] : []
  })
  for (const column of [...wanted, ...columnsOf(task.rows)])
    if (!has.has(column))
      throw badUsage(`no column '${column}' in ${stream.name}`, `there are: ${[...has].join(', ')}`)
  return [
    ...new Set(['id', ...(has.has('split') ? ['split'] : []), ...wanted, ...columnsOf(task.rows)]),
  ]
}

function planOf({ data, settings, chosen }: Training, layout: Layout): TrainPlan {
  const both = ({ a, b }: Pair): number =>
    chosen.train.reduce(
      (n, r) => n + (data.modalities[a]!.present[r]! & data.modalities[b]!.present[r]!),
      0,
    )
  return {
    rows: data.rows,
    train: chosen.train.length,
    val: chosen.val.length,
    pairs: Object.fromEntries(settings.pairs.map(pair => [pairName(pair), both(pair)])),
    parameters: layout.sizes.decayed + layout.sizes.plain,
    batch: Math.min(settings.batch, chosen.train.length),
  }
}
