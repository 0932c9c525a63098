import { unitRows } from '../engine/ops/unit-rows.js'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../engine/tf.js'
import type { Tensors } from '../engine/types.js'
import { badUsage } from '../error.js'
import type { ModalityField } from '../stream/types.js'
import type { Statistics } from './data/standardise.js'
import { forward } from './forward.js'
import type { ModalityHead } from './layout.js'
import { type Pair, pairName } from './losses/loss.js'
import { looksAtTeacher } from './losses/sum.js'
import type { Model } from './model.js'
import { piecesOf, stateOfPieces, unpack } from './pieces.js'
import { checkKnown } from './start.js'
import { Input, tokenMask } from './step.js'
import type { TrainTask } from './train.js'

/** Another model, which looks at the batch and is never changed. */
export interface TeacherSpec {
  model: Model
  /** Statistics by which the features of the batch are standardised. */
  statistics: Readonly<Record<string, Statistics>>
}

/** What terms see of it. */
export interface Teacher {
  /** Unit embeddings (B, d) of the modalities it has heads for; d is its own. */
  units: Record<string, Tensor2D>
  /** The logit scale it was trained to. */
  scale(pair: Pair): number
}

const State = {
  values: (piece: string) => `teacher/${piece}`,
  slope: (modality: string) => `teacher/slope/${modality}`,
  shift: (modality: string) => `teacher/shift/${modality}`,
} as const

/** Its heads among the modalities of a step. */
const headsIn = ({ model }: TeacherSpec, modalities: readonly string[]): ModalityHead[] =>
  model.layout.heads.filter(({ name }) => modalities.includes(name))

/**
 * Its numbers, for the state of an engine: its parameters, and for each modality what
 * turns features as the batch has them into features as it knows them, x slope + shift.
 */
export function teacherState(
  teacher: TeacherSpec,
  modalities: readonly string[],
): Record<string, { shape: number[]; values: Float32Array }> {
  const { layout, values, statistics } = teacher.model
  const state = stateOfPieces(layout, values, State.values)
  const put = (name: string, numbers: Float32Array): void => {
    state[name] = { shape: [numbers.length], values: numbers }
  }
  for (const { name, head } of headsIn(teacher, modalities)) {
    if (head.takes === 'codes') continue
    const [ours, its] = [teacher.statistics[name]!, statistics[name]!]
    put(
      State.slope(name),
      ours.deviation.map((d, j) => d / its.deviation[j]!),
    )
    put(
      State.shift(name),
      ours.mean.map((mean, j) => (mean - its.mean[j]!) / its.deviation[j]!),
    )
  }
  return state
}

/** Runs it over the batch. Nothing is learned through what it says. */
export function teach(
  teacher: TeacherSpec,
  modalities: readonly string[],
  state: Tensors,
  inputs: Tensors,
): Teacher {
  const { layout, logScale, description } = teacher.model
  const own = piecesOf(layout).map(({ name }) => [name, state[State.values(name)]!] as const)
  const parameters = unpack(layout, Object.fromEntries(own))
  const units: Record<string, Tensor2D> = {}
  for (const modality of headsIn(teacher, modalities)) {
    const { name } = modality
    const given = inputs[Input.feature(name)]!
    const mask = tokenMask(name, given, inputs)
    const known = modality.head.takes === 'codes' ? given : asItKnows(name, given, state)
    // Where it has never seen tokens it sees their mean, as in its own training.
    const pools = mask && !modality.pooling
    const x = pools ? meanOf(known as Tensor3D, mask) : known
    units[name] = unitRows(forward(modality, x, mask, parameters, []).vectors)
  }
  return {
    units,
    scale: pair => {
      const at = description.pairs.indexOf(pairName(pair))
      return Math.min(100, Math.exp(logScale[Math.max(0, logScale.length > 1 ? at : 0)]!))
    },
  }
}

const asItKnows = (name: string, x: Tensor, state: Tensors): Tensor =>
  tf.add(tf.mul(x, state[State.slope(name)]!), state[State.shift(name)]!)

const meanOf = (x: Tensor3D, mask: Tensor2D): Tensor2D =>
  tf.div(tf.sum(tf.mul(x, tf.expandDims(mask, 2)), 1), tf.sum(mask, 1, true))

/**
 * Refuses a teacher that has nothing to say of what is to be trained (64), or was made for other
 * features (65).
 */
export function checkTeacher(
  source: string,
  { teacher, settings }: Pick<TrainTask, 'teacher' | 'settings'>,
  fields: readonly ModalityField[],
  pairs: readonly Pair[],
): void {
  if (!teacher) return
  const { modalities, dim } = teacher.description
  const known = fields.filter(field => modalities.some(m => m.name === field.name))
  for (const { name, pair, space } of looksAtTeacher(settings.terms)) {
    const sees = (modality: string): boolean => known.some(field => field.name === modality)
    if (pair ? !pairs.some(({ a, b }) => sees(a) && sees(b)) : known.length === 0)
      throw badUsage(
        `${name}: the teacher has heads for ${modalities.map(m => m.name).join(', ')}; expected ${pair ? 'both of a pair' : 'one'} of ${(pair ? pairs.map(pairName) : fields.map(field => field.name)).join(', ')}`,
      )
    if (space && dim !== settings.dim)
      throw badUsage(`${name}: the teacher has ${dim} dimensions, --dim is ${settings.dim}`)
  }
  for (const field of known) {
    const head = modalities.find(m => m.name === field.name)!
    checkKnown(source, head, field, field.vocabulary?.length ?? field.dim)
  }
}
