import type { Checkpoint, Choice } from './checkpoint/checkpoint.js'
import type { Checkpoints } from './checkpoint/checkpoints.js'
import { type Best, fit, type Fit, type Fitted, type Recorder, type Watcher } from './fit.js'
import type { Model } from './model.js'
import type { ChosenRows } from './rows.js'

/** A training of one fit, or of two: the first chooses the number of epochs for the second. */
export interface Phases {
  given: Omit<Fit, 'train' | 'val' | 'stopAfter' | 'from' | 'recorder'>
  chosen: ChosenRows
  /** Fit again on training and validation rows, for as many epochs as were best. */
  refit: boolean
  /** The model of what is fitted so far. */
  modelOf(fitted: Fitted): Model
  checkpoints: Checkpoints | undefined
  /** The checkpoint to go on from. */
  from: Checkpoint | undefined
}

export interface PhaseWatcher extends Watcher {
  /** Training starts again on training and validation rows, for this many epochs. */
  refit(epochs: number): void
}

/** Runs the phases, from the checkpoint on where there is one; nothing where it was stopped. */
export async function fitInPhases(
  phases: Phases,
  watcher: PhaseWatcher,
): Promise<Fitted | undefined> {
  const { given, chosen, refit, from } = phases
  let choice = from?.choice
  if (!choice) {
    const recorder = recorderOf(phases, undefined)
    const fitted = await fit({ ...given, ...chosen, from: from?.standing, recorder }, watcher)
    if (!fitted || !refit || chosen.val.length === 0) return fitted
    const { epoch, epochs, steps, validation } = fitted
    choice = { epoch, epochs, steps, validation }
  }
  watcher.refit(choice.epoch)
  const train = Int32Array.from([...chosen.train, ...chosen.val]).sort()
  const again = { ...given, train, val: new Int32Array(0), stopAfter: choice.epoch }
  const standing = from?.choice && from.standing
  const recorder = recorderOf(phases, choice)
  const fitted = await fit({ ...again, from: standing, recorder }, watcher)
  return fitted && { ...fitted, validation: choice.validation }
}

/** Steps are counted on from phase to phase. */
function recorderOf(
  { checkpoints, modelOf }: Phases,
  choice: Choice | undefined,
): Recorder | undefined {
  const before = choice?.steps ?? 0
  return (
    checkpoints && {
      due: (after, steps) => checkpoints.due(after, before + steps),
      withdraw: steps => checkpoints.withdraw(before + steps),
      last: () => checkpoints.last(),
      async save(standing, learned) {
        const { epoch, step, steps, sum } = standing
        const present: Omit<Best, 'learned'> = {
          epoch,
          loss: sum / Math.max(1, step),
          validation: undefined,
        }
        const fitted = { ...present, ...standing.best, learned, epochs: epoch, steps }
        await checkpoints.save({ choice, standing }, modelOf(fitted))
      },
    }
  )
}
