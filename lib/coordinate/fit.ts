import { badData } from '../error.js'
import type { Engine } from '../engine/types.js'
import { allFinite } from '../stream/check-values.js'
import type { Dataset } from './data/dataset.js'
import type { Layout } from './layout.js'
import { TERMS } from './losses/index.js'
import type { TrainSettings } from './settings.js'
import type { TeacherSpec } from './teacher.js'
import { type EpochReport, type Learned, type Place, Trainer } from './trainer.js'
import { type Validation, Validator } from './validate.js'

/** Who watches a fit: all are called between two steps. */
export interface Watcher {
  /** After every step. Returns false to stop where it is. */
  step(done: number, total: number, loss: number): boolean
  /** After every epoch. */
  epoch(report: EpochReport, validation: Validation | undefined, best: boolean): void
}

/** The heads to keep, as far as is known. */
export interface Best {
  learned: Learned
  /** Epochs after which they were taken, from 1. */
  epoch: number
  /** Mean loss of that epoch. */
  loss: number
  validation: Validation | undefined
}

export interface Fitted extends Best {
  epochs: number
  steps: number
}

/** Where a fit stands: all that it takes to go on. */
export interface Standing extends Place {
  /** Steps done in all. */
  steps: number
  best: Best | undefined
}

/** Who writes down where a fit stands. */
export interface Recorder {
  /** Whether it is time to, after a step or after an epoch with its validation. */
  due(after: 'step' | 'epoch', steps: number): boolean
  /** `heads`: the best, or the present ones until an epoch is done. */
  save(standing: Standing, heads: Learned): Promise<void>
  /** Takes back what was written after so many steps, where it was: it has turned out to be no good. */
  withdraw(steps: number): void
  /** What was written last, in words. */
  last(): string | undefined
}

export interface Fit {
  engine: Engine
  data: Dataset
  layout: Layout
  settings: TrainSettings
  initial: Learned
  /** Another model that terms of the loss compare with. */
  teacher?: TeacherSpec | undefined
  train: Int32Array
  /** Rows that choose the epoch; none: the last epoch is taken. */
  val: Int32Array
  /** Stop after this many epochs, though the schedule is made for settings.epochs. */
  stopAfter?: number | undefined
  /** Where to go on from; else from the start. */
  from?: Standing | undefined
  recorder?: Recorder | undefined
}

/**
 * Trains for settings.epochs epochs and keeps the heads with the best mean r@1 on the validation
 * rows (METHODS 1.4). Stops early after `patience` epochs without a better one. Returns nothing
 * where the watcher stopped it, after the recorder has written down where. A loss that is no number
 * is bad data (65), with its step. Heads are good when the loss after them is a number: what was
 * recorded before a loss that is none is taken back, and the heads of the last step are tried.
 */
export async function fit(given: Fit, watcher: Watcher): Promise<Fitted | undefined> {
  const { engine, data, layout, settings, train, val, from, recorder } = given
  const { initial, teacher } = given
  const trainer = await Trainer.start(engine, data, train, layout, settings, initial, teacher)
  const together = TERMS[settings.terms[0]!.name]!.together ?? false
  const validator = new Validator(engine, data, val, { ...settings, together })
  const last = given.stopAfter ?? settings.epochs
  let best = from?.best
  let epochs = from?.epoch ?? 0
  if (from) trainer.resume(from)
  const save = async (): Promise<void> => {
    const place = await trainer.place()
    if (!isSound(place)) throw diverged('a weight is no number', trainer, recorder)
    const heads = best?.learned ?? (await trainer.learned())
    await recorder!.save({ ...place, steps: trainer.steps, best }, heads)
  }
  const afterStep = async (loss: number): Promise<boolean> => {
    if (!Number.isFinite(loss)) {
      recorder?.withdraw(trainer.steps - 1)
      throw diverged(`the loss is ${loss}`, trainer, recorder)
    }
    const goOn = watcher.step(trainer.steps, last * trainer.stepsPerEpoch, loss)
    if (recorder && (!goOn || recorder.due('step', trainer.steps))) await save()
    return goOn
  }
  const outOfPatience = (): boolean =>
    settings.patience > 0 && best !== undefined && epochs - best.epoch >= settings.patience
  try {
    while (epochs < last && !outOfPatience()) {
      const report = await trainer.epoch(afterStep)
      if (!report) return undefined
      epochs = report.epoch
      const validation = val.length > 0 ? await validator.validate(trainer.embedder) : undefined
      const better = !best || !validation || validation.mean > (best.validation?.mean ?? -1)
      watcher.epoch(report, validation, better)
      if (better)
        best = { learned: await trainer.learned(), epoch: epochs, loss: report.loss, validation }
      if (recorder?.due('epoch', trainer.steps)) await save()
    }
    if (best?.epoch === epochs) await prove(trainer, recorder)
    return best && { ...best, epochs, steps: trainer.steps }
  } finally {
    trainer.dispose()
    await validator.close()
  }
}

/** Tries heads that no step came after. */
const prove = async (trainer: Trainer, recorder: Recorder | undefined): Promise<void> => {
  const loss = await trainer.lossAfter()
  if (Number.isFinite(loss)) return
  recorder?.withdraw(trainer.steps)
  throw diverged(`the loss of the final heads is ${loss}`, trainer, recorder)
}

const isSound = ({ state }: Place): boolean =>
  Object.values(state).every(({ values }) => allFinite(values))

const diverged = (
  what: string,
  { steps, stepsPerEpoch }: Trainer,
  recorder: Recorder | undefined,
): Error => {
  const last = recorder?.last()
  return badData(
    `training: ${what} at step ${steps} (epoch ${Math.ceil(steps / stepsPerEpoch)})`,
    'lower --lr, or look at the features with pcm-extract --verbose' +
      (last ? `; ${last} is the last good state, a model to embed with or to --init from` : ''),
  )
}
