import { unitRows } from '../engine/ops/unit-rows.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../engine/tf.js'
import type { Program, Spec, Tensors } from '../engine/types.js'
import { adamw, clipFactor } from './adamw.js'
import { forward, type Tokens } from './forward.js'
import type { Layout } from './layout.js'
import { type Pair, pairName, type Scene } from './losses/loss.js'
import type { Relation } from './losses/relation.js'
import {
  drawsOf,
  looksAtMemory,
  looksAtModalities,
  looksAtTokens,
  readsTemperature,
  sumOfTerms,
} from './losses/sum.js'
import { memoryInputs, remember, unitTokens } from './memory.js'
import { gradientOf, piecesOf, unpack } from './pieces.js'
import { maskOf } from './poolings/mask.js'
import type { TrainSettings } from './settings.js'
import { teach, type TeacherSpec } from './teacher.js'

/** ln 100: the logit scale never exceeds 100 (Radford et al. 2021; METHODS 0). */
const LARGEST_LOG_SCALE = Math.log(100)

/** Which rows of a batch have what, in general; it decides what the graph must mask. */
export interface Relations {
  /** Name of the grouping that says what the positives of a pair are. */
  grouping(pair: Pair): string
  /** Groupings under which some rows share a group: without such, Y = I. */
  shared: ReadonlySet<string>
  /** Pairs of which some rows lack a side. */
  incomplete: ReadonlySet<string>
  /** Modalities that some rows lack. */
  lacking: ReadonlySet<string>
  /** Tokens of the longest sequence, by modality that has sequences. */
  tokens?: Readonly<Record<string, number>>
}

export interface StepOptions {
  layout: Layout
  settings: TrainSettings
  relations: Relations
  batch: number
  teacher?: TeacherSpec
}

/** Names of the inputs of a step. */
export const Input = {
  feature: (modality: string) => `feature/${modality}`,
  length: (modality: string) => `length/${modality}`,
  dropout: (modality: string, i: number) => `dropout/${modality}/${i}`,
  groups: (grouping: string) => `groups/${grouping}`,
  present: (pair: Pair) => `present/${pairName(pair)}`,
  has: (modality: string) => `has/${modality}`,
} as const

/** Which logit scale a pair uses, as an index into the vector of log scales. */
export const scaleIndex = ({ temperature, pairs }: TrainSettings, pair: Pair): number =>
  temperature === 'per-pair' ? pairs.findIndex(p => p.a === pair.a && p.b === pair.b) : 0

/**
 * The whole training step as one program: heads, norms, loss, gradients, clipping and AdamW.
 *
 * State: the parameters in pieces (pieces.ts) with their moments, and the log scales. Inputs:
 * features (B, D) or codes (B), dropout masks, groups, presence, and the step's learning rate.
 */
export function stepProgram(options: StepOptions): Program {
  const { layout, settings, batch } = options
  const trained = piecesOf(layout).filter(({ group }) => group !== 'frozen')
  const learnsScale = settings.temperature !== 'fixed' && readsTemperature(settings.terms)
  return {
    name: `training step of ${batch} items`,
    inputs: stepInputs(options),
    step({ state, inputs }) {
      const parameters = unpack(layout, state)
      const slots = layout.slots.filter(slot => slot.group !== 'frozen')
      const remembered = looksAtMemory(settings.terms)
        ? remember(options, state, inputs)
        : undefined
      const modalities = layout.heads.map(({ name }) => name)
      const taught = options.teacher && teach(options.teacher, modalities, state, inputs)
      const beside = {
        ...(remembered && { memory: remembered.memory }),
        ...(taught && { teacher: taught }),
      }
      const lossOf = (...tensors: Tensor[]): Tensor => {
        const current = { ...parameters }
        slots.forEach(({ path }, i) => (current[path] = tensors[i]!))
        return loss(options, current, tensors[slots.length] ?? state.scale!, inputs, beside)
      }
      const variables = slots.map(({ path }) => parameters[path]!)
      if (learnsScale) variables.push(state.scale!)
      const { value, grads } = tf.valueAndGrads(lossOf as never)(variables)
      const byPath = Object.fromEntries(slots.map(({ path }, i) => [path, grads[i]!]))
      const clipped = clip(
        trained.map(piece => gradientOf(piece, byPath)),
        settings.clip,
      )
      const next: Tensors = { ...remembered?.next }
      const whole = tf.scalar(1)
      trained.forEach(({ name, group }, i) => {
        const keep = group === 'decayed' ? inputs.keep! : whole
        update(next, state, inputs, { name, keep, g: clipped[i]! })
      })
      if (learnsScale) {
        update(next, state, inputs, { name: 'scale', keep: whole, g: grads[slots.length]! })
        next.scale = tf.minimum(next.scale!, LARGEST_LOG_SCALE)
      }
      return { state: next, outputs: { loss: value } }
    },
  }
}

function stepInputs(options: StepOptions): Record<string, Spec> {
  const { layout, settings, relations, batch } = options
  const float = (...shape: number[]): Spec => ({ shape, dtype: 'float32' })
  const inputs: Record<string, Spec> = {
    keep: float(),
    slope: float(),
    epsilon: float(),
  }
  for (const { name, head, size, dropout } of layout.heads) {
    const tokens = relations.tokens?.[name]
    inputs[Input.feature(name)] =
      head.takes === 'codes'
        ? { shape: [batch], dtype: 'int32' }
        : float(batch, ...(tokens === undefined ? [] : [tokens]), size.input)
    if (tokens !== undefined) inputs[Input.length(name)] = { shape: [batch], dtype: 'int32' }
    if (dropout > 0)
      head
        .dropouts(size)
        .forEach((width, i) => (inputs[Input.dropout(name, i)] = float(batch, width)))
  }
  for (const grouping of new Set(settings.pairs.map(relations.grouping)))
    if (relations.shared.has(grouping))
      inputs[Input.groups(grouping)] = { shape: [batch], dtype: 'int32' }
  for (const pair of settings.pairs)
    if (relations.incomplete.has(pairName(pair))) inputs[Input.present(pair)] = float(batch)
  if (looksAtModalities(settings.terms))
    for (const name of relations.lacking) inputs[Input.has(name)] = float(batch)
  if (looksAtMemory(settings.terms)) Object.assign(inputs, memoryInputs(options))
  const modalities = layout.heads.map(({ name }) => name)
  for (const { name, shape, dtype } of drawsOf(settings.terms, {
    batch,
    modalities,
    pairs: settings.pairs,
  }))
    inputs[name] = { shape, dtype }
  return inputs
}

/** The loss as a function of the parameters and the log scales; scalar. */
export function loss(
  { layout, settings, relations }: Omit<StepOptions, 'batch'>,
  parameters: Tensors,
  logScale: Tensor,
  inputs: Tensors,
  beside: Pick<Scene, 'memory' | 'teacher'> = {},
): Tensor {
  const units: Record<string, Tensor2D> = {}
  const tokens: Record<string, Tokens> = {}
  const wantsTokens = looksAtTokens(settings.terms)
  for (const modality of layout.heads) {
    const { name, head, size } = modality
    const masks = head.dropouts(size).flatMap((_, i) => inputs[Input.dropout(name, i)] ?? [])
    const x = inputs[Input.feature(name)]!
    const made = forward(modality, x, tokenMask(name, x, inputs), parameters, masks)
    units[name] = unitRows(made.vectors)
    if (made.tokens && wantsTokens) tokens[name] = unitTokens(made.tokens)
  }
  const scales = tf.exp(tf.minimum(logScale, LARGEST_LOG_SCALE))
  const scene = {
    units,
    pairs: settings.pairs,
    scale: (pair: Pair) =>
      tf.squeeze(tf.slice(scales as Tensor1D, [scaleIndex(settings, pair)], [1]), [0]),
    relation: (pair: Pair) => relationOf(relations, pair, inputs),
    present: (modality: string) => inputs[Input.has(modality)] as Tensor1D | undefined,
    tokens: (modality: string) => tokens[modality],
    grouping: relations.grouping,
    ...beside,
  }
  return sumOfTerms(settings.terms, scene, inputs, parameters)
}

/** Which tokens of a batch there are, (B, L); nothing where the features are vectors. */
export function tokenMask(name: string, x: Tensor, inputs: Tensors): Tensor2D | undefined {
  const lengths = inputs[Input.length(name)]
  return lengths && maskOf(lengths as Tensor1D, x.shape[1]!)
}

function relationOf(relations: Relations, pair: Pair, inputs: Tensors): Relation {
  const groups = inputs[Input.groups(relations.grouping(pair))] as Tensor1D | undefined
  const present = inputs[Input.present(pair)] as Tensor1D | undefined
  return { ...(groups && { groups }), ...(present && { present }) }
}

/** One optimiser step of one tensor of the state. */
function update(
  next: Tensors,
  state: Tensors,
  { slope, epsilon }: Tensors,
  { name, keep, g }: { name: string; keep: Tensor; g: Tensor },
): void {
  const moments = { weights: state[name]!, first: state[`${name}/m`]!, second: state[`${name}/v`]! }
  const step = { keep, slope: slope!, epsilon: epsilon! }
  const { weights, first, second } = adamw(moments, g, step)
  Object.assign(next, { [name]: weights, [`${name}/m`]: first, [`${name}/v`]: second })
}

/** Gradients with their common norm brought down to the largest allowed; Infinity leaves them. */
function clip(gradients: Tensor[], largest: number): Tensor[] {
  if (largest === Infinity) return gradients
  const factor = clipFactor(gradients, largest)
  return gradients.map(gradient => tf.mul(gradient, factor))
}
