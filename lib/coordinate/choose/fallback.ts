import { Exit, PcmError } from '../../error.js'
import { type ClosedForm } from '../closed-form/model.js'
import type { Dataset } from '../data/dataset.js'
import type { Model } from '../model.js'
import type { Training } from '../train-model.js'
import { copyOf } from './copy.js'
import { isClearlyBetter, mean, overall, scoresOf } from './score.js'

/** A closed form costs rows times the square of the features, and their cube; and 80 MiB at most. */
const MOST_FEATURES = 1024
const MOST_ROWS = 20_000

export type TrainModel = (training: Training) => Promise<Model | undefined>

/**
 * Trains, and takes the closed form in place of the trained heads unless these are clearly better over
 * the validation rows: of two models that may be as good, the simpler one (after Breiman et al.,
 * "Classification and regression trees", 1984, section 3.4.3, whose one standard error is two here,
 * since the epoch of the heads has been chosen by the same rows). Then the closed form is made anew of
 * training and validation rows.
 */
export async function trainOrFallBack(
  training: Training,
  form: ClosedForm,
  trainModel: TrainModel,
): Promise<Model | undefined> {
  const { engine, data, chosen, settings, watcher } = training
  if (!isWorthIt(training)) return await trainModel(training)
  const raw = copyOf(data)
  const trained = await trainModel(training)
  if (!trained) return undefined
  const val = new Int32Array(0)
  const simple = await closed(training, form, raw, { ...chosen, val }, trainModel)
  if (!simple) return trained
  const scores = {
    trained: await scoresOf(engine, trained, raw, chosen.val, settings.pairs),
    simple: await scoresOf(engine, simple, raw, chosen.val, settings.pairs),
  }
  const map = { trained: mean(overall(scores.trained)), [form.name]: mean(overall(scores.simple)) }
  if (Number.isNaN(map.trained)) return trained
  const kept = isClearlyBetter(scores.trained, scores.simple)
  const numbers = `(map ${map.trained.toFixed(3)}, ${form.name} ${map[form.name]!.toFixed(3)})`
  watcher.note?.(
    'fallback',
    { 'val map': map, kept },
    kept
      ? `the trained heads are better than ${form.name} on the validation rows ${numbers}`
      : `${form.name} instead of the trained heads, which are not clearly better on the ` +
          `validation rows ${numbers}; --fallback none keeps them`,
  )
  return kept ? trained : ((await closed(training, form, raw, chosen, trainModel)) ?? trained)
}

/** The closed form by the chosen rows; nothing where a modality shares nothing with the others. */
export async function closed(
  training: Training,
  form: ClosedForm,
  raw: Dataset,
  chosen: Training['chosen'],
  trainModel: TrainModel,
): Promise<Model | undefined> {
  const task = { ...training.task, closedForm: form }
  const watcher = { ...training.watcher, start: () => {}, warn: () => {} }
  const own = { ...training, task, chosen, watcher, data: copyOf(raw), checkpoints: undefined }
  try {
    return await trainModel(own)
  } catch (error) {
    if (error instanceof PcmError && error.exit === Exit.badData) return undefined
    throw error
  }
}

/** Whether a closed form is a matter of seconds, and there are rows to compare by. */
export function isWorthIt({ data, chosen }: Pick<Training, 'data' | 'chosen'>): boolean {
  const modalities = Object.values(data.modalities)
  const features = modalities.reduce(
    (sum, m) => sum + (m.type === 'codes' ? m.categories : m.dim),
    0,
  )
  const plain = modalities.every(m => m.type === 'codes' || !m.tokenOffsets)
  const few = features <= MOST_FEATURES && chosen.train.length <= MOST_ROWS
  return plain && few && chosen.val.length > 1
}
