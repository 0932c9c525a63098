import type { Engine } from '../engine/types.js'
import { badData, Exit, PcmError } from '../error.js'
import type { InputStream } from '../stream/read.js'
import { columnsFor } from './columns.js'
import { collectFeatures, type CollectedFeatures } from './data/collect-features.js'
import type { ClosedForm } from './closed-form/model.js'
import type { StartKind } from './closed-form/start.js'
import { trainOrFallBack } from './choose/fallback.js'
import { trainTuned, type Tuning } from './choose/tune.js'
import type { Checkpoints } from './checkpoint/checkpoints.js'
import { leakageOf } from './leakage.js'
import type { Pair } from './losses/loss.js'
import type { PhaseWatcher } from './phases.js'
import type { Model } from './model.js'
import { allPairs, checkFrozen, checkPairs, stillHeads } from './pairs.js'
import { datasetOf, groupingOf, type Positives } from './positives.js'
import { chooseRows, type RowChoice } from './rows.js'
import type { TrainSettings } from './settings.js'
import { type Training, trainModel } from './train-model.js'
import { keepsTokens } from './token-needs.js'
import { checkTeacher } from './teacher.js'
import { warnOfLeakage } from './warnings.js'

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
  /** A closed form that is written in place of trained heads which are no better. */
  fallback?: ClosedForm | undefined
  /** Searches options on the validation rows first. */
  tune?: Tuning | undefined
  /** Whitens features, by a covariance that is shrunk by this share. */
  whiten?: number | undefined
  /** What the linear part of new heads starts with; random numbers where it is left out. */
  start?: StartKind | undefined
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
  /** Something to know, by its name and numbers for machines and in words for people. */
  note?(event: string, fields: Record<string, unknown>, text: string): void
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
  const training: Training = {
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
  }
  if (task.tune) return await trainTuned(training, task.tune, trainModel)
  if (task.fallback) return await trainOrFallBack(training, task.fallback, trainModel)
  return await trainModel(training)
}
