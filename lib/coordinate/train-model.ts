import { closedFormModel } from './closed-form/model.js'
import { startFrom } from './closed-form/start.js'
import { whitenAll, withoutWhitening } from './data/whiten.js'
import { plainStatistics, standardiseAll } from './data/standardise-all.js'
import type { Engine } from '../engine/types.js'
import { badUsage, Exit, PcmError } from '../error.js'
import type { InputSummary } from '../stream/read.js'
import type { ModalityField } from '../stream/types.js'
import type { Dataset } from './data/dataset.js'
import type { Checkpoints } from './checkpoint/checkpoints.js'
import type { Fitted } from './fit.js'
import { type Layout, layoutOf } from './layout.js'
import { type Pair, pairName } from './losses/loss.js'
import { parametersOfTerms } from './losses/sum.js'
import { termText } from './losses/parse-term.js'
import { fitInPhases } from './phases.js'
import { changedBy, checkFusion } from './fusion/grown.js'
import { mergeModels } from './merge.js'
import type { Model } from './model.js'
import type { ChosenRows } from './rows.js'
import type { TrainSettings } from './settings.js'
import { checkTokens, fusionOf } from './token-needs.js'
import { heldPoolings, isIdentity, modalityHead, modalityOf, startOf } from './start.js'
import type { TrainPlan, TrainTask, TrainWatcher } from './train.js'
import { warnOfEncoders, warnOfFusion, warnOfViews } from './warnings.js'

/** Everything that a training is about, once the stream is read. */
export interface Training {
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

/**
 * Trains heads, or computes them in closed form, on features that are changed in place. Returns nothing where
 * the watcher stopped it.
 */
export async function trainModel(training: Training): Promise<Model | undefined> {
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
  if (!task.closedForm) warnOfViews(terms, data, watcher.warn)
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
  const whitening = whitenAll(training, task.whiten)
  const initial = startOf(layout, settings, task.init)
  if (task.start) startFrom(task.start, { ...training, layout, modalities, statistics, initial })
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
    const model: Model = { ...own, ...withoutWhitening(layout, fitted.learned, whitening) }
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
