import { badData } from '../error.js'
import type { Engine } from '../engine/types.js'
import type { Dataset } from './data/dataset.js'
import type { Layout } from './layout.js'
import type { TrainSettings } from './settings.js'
import { type EpochReport, type Learned, Trainer } from './trainer.js'
import { type Validation, Validator } from './validate.js'

/** Who watches a fit: all are called between two steps. */
export interface Watcher {
  /** After every step. Returns false to stop where it is. */
  step(done: number, total: number, loss: number): boolean
  /** After every epoch. */
  epoch(report: EpochReport, validation: Validation | undefined, best: boolean): void
}

export interface Fitted {
  learned: Learned
  /** Epochs after which `learned` was taken, from 1. */
  epoch: number
  epochs: number
  steps: number
  loss: number
  validation: Validation | undefined
}

export interface Fit {
  engine: Engine
  data: Dataset
  layout: Layout
  settings: TrainSettings
  initial: Learned
  train: Int32Array
  /** Rows that choose the epoch; none: the last epoch is taken. */
  val: Int32Array
  /** Stop after this many epochs, though the schedule is made for settings.epochs. */
  stopAfter?: number
}

/**
 * Trains for settings.epochs epochs and keeps the heads with the best mean r@1 on the validation
 * rows (METHODS 1.4). Stops early after `patience` epochs without a better one. Returns nothing
 * where the watcher stopped it. A loss that is no number is bad data (65), with its step.
 */
export async function fit(given: Fit, watcher: Watcher): Promise<Fitted | undefined> {
  const { engine, data, layout, settings, train, val } = given
  const trainer = await Trainer.start(engine, data, train, layout, settings, given.initial)
  const validator = new Validator(engine, data, val, settings)
  const { stepsPerEpoch } = trainer
  const last = given.stopAfter ?? settings.epochs
  let best: Fitted | undefined
  let steps = 0
  try {
    for (let epoch = 1; epoch <= last; epoch++) {
      const report = await trainer.epoch(loss => {
        steps++
        if (!Number.isFinite(loss)) throw diverged(loss, steps, epoch)
        return watcher.step(steps, last * stepsPerEpoch, loss)
      })
      if (!report) return undefined
      const validation = val.length > 0 ? await validator.validate(trainer.embedder) : undefined
      const better = !best || !validation || validation.mean > (best.validation?.mean ?? -1)
      watcher.epoch(report, validation, better)
      if (better) {
        const learned = await trainer.learned()
        best = { learned, epoch, epochs: epoch, steps, loss: report.loss, validation }
      }
      best!.epochs = epoch
      best!.steps = steps
      if (settings.patience > 0 && epoch - best!.epoch >= settings.patience) break
    }
    return best
  } finally {
    trainer.dispose()
    await validator.close()
  }
}

const diverged = (loss: number, step: number, epoch: number): Error =>
  badData(
    `training: the loss is ${loss} at step ${step} (epoch ${epoch})`,
    'lower --lr, or look at the features with pcm-extract --verbose',
  )
