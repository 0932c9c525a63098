import { badData } from '../../error.js'
import { type Model as ModelStream, type Parameter } from '../../stream/model.js'
import type { Best, Standing } from '../fit.js'
import type { Layout } from '../layout.js'
import { type Model, modelFrom, parametersOfModel } from '../model.js'
import type { TrainSettings } from '../settings.js'
import { startOf } from '../start.js'
import type { Validation } from '../validate.js'

/** The outcome of the fit that chose the number of epochs, when training starts again (--refit). */
export interface Choice {
  epoch: number
  epochs: number
  steps: number
  validation: Validation | undefined
}

/** Where a whole training stands between two steps. */
export interface Checkpoint {
  /** Set once the training on all rows has begun. */
  choice: Choice | undefined
  standing: Standing
}

/** `pcm.checkpoint` in the metadata of the stream; JSON gives every double back as it was. */
interface Integers {
  format: 1
  choice?: Choice
  epoch: number
  step: number
  steps: number
  sum: number
  best?: Omit<Best, 'learned'>
}

const STATE = 'state:'

/** Steps done so far, over both fits: checkpoints are numbered by it. */
export const stepsOf = ({ choice, standing }: Checkpoint): number =>
  (choice?.steps ?? 0) + standing.steps

/**
 * A checkpoint as a model stream: the parameters of the best heads so far (of the present ones until
 * an epoch is done), so that it embeds as any model does, then the whole state of the engine.
 */
export const encodeCheckpoint = (
  { choice, standing }: Checkpoint,
  model: Model,
): { parameters: Parameter[]; metadata: Record<string, string> } => {
  const { epoch, step, steps, sum, best, state } = standing
  const integers: Integers = {
    ...{ format: 1, epoch, step, steps, sum },
    ...(choice && { choice }),
    ...(best && { best: withoutHeads(best) }),
  }
  const states = Object.entries(state).map(([name, { shape, values }]): Parameter => ({
    name: STATE + name,
    shape,
    data: values,
  }))
  return {
    parameters: [...parametersOfModel(model), ...states],
    metadata: {
      'pcm.model': JSON.stringify(model.description),
      'pcm.checkpoint': JSON.stringify(integers),
    },
  }
}

const withoutHeads = ({ epoch, loss, validation }: Best): Omit<Best, 'learned'> => ({
  epoch,
  loss,
  validation,
})

/** Reads it back, for heads of this layout. */
export const decodeCheckpoint = (
  source: string,
  { metadata, parameters }: Pick<ModelStream, 'metadata' | 'parameters'>,
  layout: Layout,
  settings: TrainSettings,
): Checkpoint => {
  const { choice, best, epoch, step, steps, sum } = parseIntegers(
    source,
    metadata.get('pcm.checkpoint'),
  )
  const state: Standing['state'] = {}
  for (const { name, shape, data } of parameters.values())
    if (name.startsWith(STATE)) state[name.slice(STATE.length)] = { shape, values: data }
  const learned = () => startOf(layout, settings, modelFrom(source, metadata, parameters))
  return {
    choice,
    standing: {
      ...{ epoch, step, steps, sum, state },
      best: best && { ...best, learned: learned() },
    },
  }
}

const parseIntegers = (source: string, json: string | undefined): Integers => {
  const integers = json === undefined ? undefined : (JSON.parse(json) as Integers)
  if (integers?.format === 1) return integers
  throw badData(`${source}: a model, but no checkpoint of this version`)
}
