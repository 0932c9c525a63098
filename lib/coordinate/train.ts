import type { Engine } from '../engine/types.js'
import { badData, badUsage, Exit, PcmError } from '../error.js'
import type { InputStream, InputSummary } from '../stream/read.js'
import type { ModalityField } from '../stream/types.js'
import { columnsFor } from './columns.js'
import { collectFeatures, type CollectedFeatures } from './data/collect-features.js'
import { type ClosedForm, closedFormModel } from './closed-form/model.js'
import type { Dataset } from './data/dataset.js'
import { plainStatistics, standardiseAll } from './data/standardise-all.js'
import type { Checkpoints } from './checkpoint/checkpoints.js'
import type { Fitted } from './fit.js'
import { type Layout, layoutOf } from './layout.js'
import { leakageOf } from './leakage.js'
import { type Pair, pairName } from './losses/loss.js'
import { parametersOfTerms } from './losses/sum.js'
import { termText } from './losses/parse-term.js'
import { fitInPhases, type PhaseWatcher } from './phases.js'
import { changedBy, checkFusion } from './fusion/grown.js'
import { mergeModels } from './merge.js'
import type { Model } from './model.js'
import { allPairs, checkFrozen, checkPairs, stillHeads } from './pairs.js'
import { datasetOf, groupingOf, type Positives } from './positives.js'
import { chooseRows, type ChosenRows, type RowChoice } from './rows.js'
import type { TrainSettings } from './settings.js'
import { checkTokens, fusionOf, keepsTokens } from './token-needs.js'
import { heldPoolings, isIdentity, modalityHead, modalityOf, startOf } from './start.js'
import { checkTeacher } from './teacher.js'
import { warnOfEncoders, warnOfFusion, warnOfLeakage } from './warnings.js'

export interface TrainTask {
  settings: Omit<TrainSettings, 'pairs'>
  /** Pairs the loss looks at; none named: all. */
  pairs: readonly Pair[]
  positives: readonly Positives[]
  rows: RowChoice
  /** Train again on training and validation rows once the number of epochs is chosen. */
  refit: boolean
  standardise: boolean
  /** Bytes of features that may stay in memory; beyond, they wait in a temporary file. */
  memory?: number | undefined
  /** Heads in closed form, in place of training by a loss. */
  closedForm?: ClosedForm
  /** A model to start from: its heads, its statistics, its space. */
  init?: Model
  /** A model that terms of the loss compare with. */
  teacher?: Model
}

/** What is told while it runs. */
export interface TrainWatcher extends PhaseWatcher {
  /** Rows, pairs and parameters, once they are known. */
  start(plan: TrainPlan): void
  /** Some features do not fit into the memory given. */
  spilled(read: Pick<CollectedFeatures, 'bytes' | 'spilled'>): void
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
 * stopped it. Goes on from the newest of the checkpoints, where there are such. Throws usage (64) for names the stream lacks, no rows (2), bad data (65).
 */
export async function train(
  stream: InputStream,
  engine: Engine,
  task: TrainTask,
  watcher: TrainWatcher,
  checkpoints?: Checkpoints,
): Promise<Model | undefined> {
  const fields = stream.schema.modalities
  const names = fields.map(({ name }) => name)
  checkFrozen(task.settings, task.init, names)
  const still = stillHeads(task.settings, task.init, names)
  const pairs = task.pairs.length > 0 ? task.pairs : allPairs(names, still)
  checkPairs(pairs, names)
  if (pairs.length === 0)
    throw badData(
      `${stream.name}: no pair to train among its modalities (${names.join(', ') || 'none'})`,
      'coordination needs two modalities, of which at least one is not frozen',
    )
  const used = fields.filter(({ name }) => pairs.some(({ a, b }) => a === name || b === name))
  checkTeacher(stream.name, task, used, pairs)
  const grouping = groupingOf(task.positives, fields)
  const others = columnsFor(stream, task.rows, pairs.map(grouping))
  const collected = await collectFeatures(stream, used, others, task.memory, keepsTokens(task))
  if (collected.spilled > 0) watcher.spilled(collected)
  const columns = (name: string) => collected.others[name]?.values
  const chosen = chooseRows(task.rows, columns, task.settings.seed)
  if (chosen.train.length < 2)
    throw new PcmError(
      `${stream.name}: ${chosen.train.length} of ${collected.rows} rows to train on, expected at least 2`,
      { exit: Exit.noRows, hint: 'see --train, --where and the split column' },
    )
  warnOfLeakage(leakageOf(columns, chosen), watcher.warn)
  const data = datasetOf(collected, pairs, grouping)
  return await trainModel({
    source: stream.name,
    read: stream.summary(),
    checkpoints,
    engine,
    task,
    settings: { ...task.settings, pairs },
    data,
    fields: used,
    chosen,
    watcher,
  })
}

interface Training {
  /** Name of the stream, for messages. */
  source: string
  read: InputSummary
  checkpoints: Checkpoints | undefined
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
  const modalities = fields.map(field =>
    modalityOf(
      training.source,
      field,
      data.modalities[field.name]!,
      settings.head(field.name),
      settings.dim,
      task.init,
    ),
  )
  warnOfEncoders(fields, '--init', task.init, watcher.warn)
  warnOfEncoders(fields, '--teacher', task.teacher, watcher.warn)
  checkTokens(training, settings, modalities)
  const { terms, dim } = settings
  const { fusion } = fusionOf(settings)
  checkFusion(task.init, fusion)
  const changed = changedBy(settings.pairs, settings.frozen)
  warnOfFusion(task.init, changed, fusion?.pairs ?? [], watcher.warn)
  const layout = layoutOf(
    modalities.map(m => modalityHead(m, settings)),
    task.closedForm ? [] : parametersOfTerms(terms, settings.pairs, dim),
    heldPoolings(task.init, changed),
  )
  const plan = planOf(training, layout)
  if (Object.values(plan.pairs).every(rows => rows < 2))
    throw new PcmError(
      `nothing to learn: no pair has 2 training rows with both sides (${settings.pairs.map(pairName).join(', ')})`,
      { exit: Exit.noRows, hint: 'see --train, --where and the split column' },
    )
  if (plan.parameters === 0 && !task.closedForm)
    throw badUsage('nothing to learn: all heads stay as they are', 'see --freeze and --head')
  watcher.start(plan)
  const statistics = standardiseAll(data, chosen.train, {
    ...plainStatistics(data, name => !task.standardise || isIdentity(modalities, name)),
    ...task.init?.statistics,
  })
  if (task.closedForm) {
    const rows = Int32Array.from([...chosen.train, ...chosen.val]).sort()
    const { source } = training
    return closedFormModel(task.closedForm, {
      source,
      data,
      rows,
      settings,
      modalities,
      statistics,
    })
  }
  const initial = startOf(layout, settings, task.init)
  const teacher = task.teacher && { model: task.teacher, statistics }
  const description = {
    format: 1 as const,
    dim,
    modalities,
    ...(fusion && { fusion }),
    loss: terms.map(termText).join(' + '),
    temperature: settings.temperature,
    pairs: settings.pairs.map(pairName),
  }
  const modelOf = (fitted: Fitted): Model => {
    const training = trainingOf(fitted, chosen, task.refit)
    const own = { description: { ...description, training }, layout, statistics }
    const model: Model = { ...own, ...fitted.learned }
    return task.init ? mergeModels(task.init, model) : model
  }
  const { checkpoints } = training
  const from = await checkpoints?.load(training.read, engine.description, layout, settings)
  const fitted = await fitInPhases(
    {
      given: { engine, data, layout, settings, initial, teacher },
      ...{ chosen, refit: task.refit, modelOf, checkpoints, from },
    },
    watcher,
  )
  return fitted && modelOf(fitted)
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
