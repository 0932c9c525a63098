import { unitRows } from '../engine/ops/unit-rows.js'
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../engine/tf.js'
import type { Spec, Tensors } from '../engine/types.js'
import { augmentationInputs, augmented } from './augment.js'
import type { Dataset } from './data/dataset.js'
import { forward, type Tokens } from './forward.js'
import type { Layout } from './layout.js'
import { augmentationOf } from './losses/sum.js'
import { piecesOf, stateOfPieces, unpack } from './pieces.js'
import { Input, tokenMask, type StepOptions } from './step.js'
import type { Learned } from './trainer.js'

/**
 * What a loss may compare a batch with beside itself (METHODS 2.2): the batch by momentum heads, and
 * behind it the rows of earlier batches, as they were then. Nothing is learned through any of it.
 */
export interface Memory {
  /** Unit embeddings by the momentum heads, of augmented features (B, d). */
  units: Record<string, Tensor2D>
  /** Unit embeddings of the tokens, by the momentum heads. */
  tokens(modality: string): Tokens | undefined
  /** The units of the batch, then those of the queue (B + K, d), and which rows there are. */
  candidates(modality: string): { units: Tensor2D; has: Tensor1D }
  /** Groups of the same rows under a grouping, (B + K). */
  groups(grouping: string): Tensor1D
}

/** How long the queues are: whole batches, at most `wanted` rows and never more than the data has. */
export const queueLength = (wanted: number, rows: number, batch: number): number =>
  Math.floor(Math.min(wanted, rows) / batch) * batch

const momentumOf = (piece: string): string => `momentum/${piece}`
const Queue = {
  units: (modality: string) => `queue/units/${modality}`,
  has: (modality: string) => `queue/has/${modality}`,
  groups: (grouping: string) => `queue/groups/${grouping}`,
} as const

type Initial = Record<string, { shape: number[]; values: Float32Array }>

/** Momentum heads as the heads are, and empty queues: a slot without a row has a presence of 0. */
export function memoryState(
  layout: Layout,
  { values }: Learned,
  queue: number,
  groupings: Iterable<string>,
): Initial {
  const trained = { slots: layout.slots.filter(({ group }) => group !== 'frozen') }
  const state: Initial = stateOfPieces(trained, values, momentumOf)
  if (queue === 0) return state
  for (const { name, size } of layout.heads) {
    const numbers = new Float32Array(queue * size.output)
    state[Queue.units(name)] = { shape: [queue, size.output], values: numbers }
    state[Queue.has(name)] = { shape: [queue], values: new Float32Array(queue) }
  }
  for (const grouping of groupings)
    state[Queue.groups(grouping)] = { shape: [queue], values: new Float32Array(queue).fill(-1) }
  return state
}

/** Inputs of a step with a memory, beside those of any other. */
export const memoryInputs = (options: StepOptions): Record<string, Spec> => {
  const { layout, relations, batch, settings } = options
  const augmentation = augmentationOf(settings.terms)
  const shape = (name: string): number[] => [
    batch,
    ...(relations.tokens?.[name] === undefined ? [] : [relations.tokens[name]]),
  ]
  return Object.assign(
    {},
    ...layout.heads.map(head => augmentationInputs(augmentation, head, shape(head.name))),
  ) as Record<string, Spec>
}

/**
 * Moves the momentum heads a step towards the heads, runs them over the augmented batch, and puts
 * what they make behind the queues, where the oldest batch leaves. `next` is the state after it.
 */
export function remember(
  { layout, settings, relations, batch }: StepOptions,
  state: Tensors,
  inputs: Tensors,
): { memory: Memory; next: Tensors } {
  const next: Tensors = {}
  const moved: Tensors = {}
  for (const { name, group } of piecesOf(layout)) {
    if (group === 'frozen') continue
    const [old, present] = [state[momentumOf(name)]!, state[name]!]
    const share = 1 - settings.momentum
    moved[name] = next[momentumOf(name)] = tf.add(old, tf.mul(tf.sub(present, old), share))
  }
  const parameters = unpack(layout, { ...state, ...moved })
  const units: Record<string, Tensor2D> = {}
  const tokens: Record<string, Tokens> = {}
  for (const modality of layout.heads) {
    const { name } = modality
    const given = inputs[Input.feature(name)]!
    const { x, mask } = augmented(name, given, tokenMask(name, given, inputs), inputs)
    const made = forward(modality, x, mask, parameters, [])
    units[name] = unitRows(made.vectors)
    if (made.tokens) tokens[name] = unitTokens(made.tokens)
  }
  const hasOf = (name: string): Tensor1D =>
    (inputs[Input.has(name)] as Tensor1D | undefined) ?? tf.ones([batch])
  const groupsOf = (grouping: string): Tensor1D =>
    tf.cast(inputs[Input.groups(grouping)]!, 'float32') as Tensor1D
  const behind = (now: Tensor, queue: string): Tensor =>
    state[queue] ? tf.concat([now, state[queue]!]) : now
  /** The newest first, so that the slots at the end are the oldest. */
  const enqueue = (now: Tensor, queue: string): void => {
    const before = state[queue]
    if (!before) return
    const kept = before.shape[0]! - batch
    const rest = before.shape.slice(1)
    const from = rest.map(() => 0)
    next[queue] =
      kept === 0 ? now : tf.concat([now, tf.slice(before, [0, ...from], [kept, ...rest])])
  }
  for (const { name } of layout.heads) {
    enqueue(units[name]!, Queue.units(name))
    enqueue(hasOf(name), Queue.has(name))
  }
  for (const grouping of new Set(settings.pairs.map(relations.grouping)))
    enqueue(groupsOf(grouping), Queue.groups(grouping))
  return {
    next,
    memory: {
      units,
      tokens: name => tokens[name],
      candidates: name => ({
        units: behind(units[name]!, Queue.units(name)) as Tensor2D,
        has: behind(hasOf(name), Queue.has(name)) as Tensor1D,
      }),
      groups: grouping => behind(groupsOf(grouping), Queue.groups(grouping)) as Tensor1D,
    },
  }
}

/** The tokens with norm 1 each. */
export const unitTokens = ({ values, mask }: Tokens): Tokens => ({
  values: unitRows(values as Tensor3D),
  mask,
})

/** Queues tell rows apart by their groups, which therefore always travel. */
export const groupingsOf = (data: Dataset, pairs: StepOptions['settings']['pairs']): string[] => [
  ...new Set(pairs.map(data.grouping)),
]
