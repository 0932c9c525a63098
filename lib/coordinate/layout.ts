import type { Head, HeadSize, Initial, Parameters, ParameterSpec } from './heads/head.js'
import { POOLINGS, type PoolingKind } from './poolings/index.js'
import { key, normal, Purpose, uniform, wordKey } from './random.js'

/**
 * Parameters travel as flat vectors: one for those that decay, one for those that do not, one for
 * those that are frozen. In the engine large ones are apart (pieces.ts).
 */
export const GROUPS = ['decayed', 'plain', 'frozen'] as const
export type Group = (typeof GROUPS)[number]

export interface Slot {
  /** `photo/project.weight` */
  path: string
  /** The path whose draws it starts with, where that is not its own. */
  as?: string
  shape: number[]
  initial: Initial
  group: Group
  offset: number
  size: number
}

export interface ModalityHead {
  name: string
  head: Head
  size: HeadSize
  dropout: number
  frozen: boolean
  /** Where the features are sequences of tokens: how they become one vector. */
  pooling?: PoolingKind
}

/** Parameters that no head has, and whose they are in the paths: those of a fusion encoder. */
export interface OwnParameters {
  owner: string
  specs: ParameterSpec[]
}

export interface Layout {
  heads: readonly ModalityHead[]
  slots: readonly Slot[]
  sizes: Record<Group, number>
}

/** `held`: poolings of which some modality elsewhere needs the shared parameters as they are. */
export function layoutOf(
  heads: readonly ModalityHead[],
  others: readonly OwnParameters[] = [],
  held: ReadonlySet<PoolingKind> = new Set(),
): Layout {
  const sizes: Record<Group, number> = { decayed: 0, plain: 0, frozen: 0 }
  const slots: Slot[] = []
  const add = (owner: string, specs: readonly ParameterSpec[], frozen: boolean): void => {
    for (const { name, shape, initial, decay, as } of specs) {
      const group = frozen ? 'frozen' : decay ? 'decayed' : 'plain'
      const size = shape.reduce((a, b) => a * b, 1)
      const path = `${owner}/${name}`
      const draws = as === undefined ? {} : { as: `${owner}/${as}` }
      slots.push({ path, ...draws, shape, initial, group, offset: sizes[group], size })
      sizes[group] += size
    }
  }
  for (const modality of heads) add(modality.name, parametersFor(modality), modality.frozen)
  for (const { owner, specs, frozen } of sharedBy(heads, held)) add(owner, specs, frozen)
  for (const { owner, specs } of others) add(owner, specs, false)
  return { heads, slots, sizes }
}

/** Parameters of a head, then those of its pooling: `photo/pooling/query`. */
const parametersFor = ({ head, size, pooling }: ModalityHead): ParameterSpec[] => [
  ...head.parameters(size),
  ...(pooling ? POOLINGS[pooling].parameters(size.output) : []).map(spec => ({
    ...spec,
    name: `pooling/${spec.name}`,
  })),
]

/** Where parameters are found that all modalities of one pooling share. */
export const sharedOwner = (pooling: PoolingKind): string => `shared/${pooling}`

/** What modalities share; frozen where one that has a part in it is, or is somewhere else (`held`). */
const sharedBy = (
  heads: readonly ModalityHead[],
  held: ReadonlySet<PoolingKind>,
): (OwnParameters & { frozen: boolean })[] =>
  [...new Set(heads.flatMap(({ pooling }) => pooling ?? []))].flatMap(kind => {
    const having = heads.filter(({ pooling }) => pooling === kind)
    const specs = POOLINGS[kind].shared?.(having[0]!.size.output)
    const frozen = held.has(kind) || having.some(head => head.frozen)
    return specs ? [{ owner: sharedOwner(kind), specs, frozen }] : []
  })

/** Starting values, a function of the seed and of each parameter's own path. */
export function initialValues(layout: Layout, seed: number): Record<Group, Float32Array> {
  const flat = emptyValues(layout)
  for (const { path, as, initial, group, offset, size } of layout.slots) {
    const sequence = key(seed, Purpose.initialise, wordKey(as ?? path))
    const target = flat[group].subarray(offset, offset + size)
    for (let i = 0; i < size; i++) target[i] = draw(initial, sequence, i)
  }
  return flat
}

export const emptyValues = ({ sizes }: Layout): Record<Group, Float32Array> => ({
  decayed: new Float32Array(sizes.decayed),
  plain: new Float32Array(sizes.plain),
  frozen: new Float32Array(sizes.frozen),
})

function draw(initial: Initial, sequence: number, i: number): number {
  if ('constant' in initial) return initial.constant
  if ('normal' in initial) return initial.normal * normal(sequence, i)
  return (2 * uniform(sequence, i) - 1) / Math.sqrt(initial.fanIn)
}

/** The parameters of one modality, or of another owner, under their own names. */
export const parametersOf = (name: string, parameters: Parameters): Parameters =>
  Object.fromEntries(
    Object.entries(parameters)
      .filter(([path]) => path.startsWith(`${name}/`))
      .map(([path, tensor]) => [path.slice(name.length + 1), tensor]),
  )
