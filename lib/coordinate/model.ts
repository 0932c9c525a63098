import { badData } from '../error.js'
import type { Parameter } from '../stream/model.js'
import type { Kind } from '../stream/types.js'
import { type FusionDescription, fusionLayout, isFusion } from './fusion/description.js'
import { headOf, HEADS, type HeadKind } from './heads/index.js'
import { emptyValues, type Group, type Layout, layoutOf, type ModalityHead } from './layout.js'
import { POOLINGS, type PoolingKind } from './poolings/index.js'
import type { Statistics } from './data/standardise.js'

/** Everything needed to embed one modality, but for the numbers. */
export interface ModelModality {
  name: string
  kind: Kind
  head: HeadKind | 'embedding'
  /** Numbers per feature vector, or number of categories. */
  input: number
  hidden: number
  dropout: number
  /** Where the features are sequences of tokens: how they become one vector. */
  pooling?: PoolingKind
  /** The encoder whose features the head was trained on, if it was known. */
  encoder?: string
  vocabulary?: string[]
}

/** `pcm.model` in the metadata of a model stream. */
export interface ModelDescription {
  format: 1
  dim: number
  modalities: ModelModality[]
  /** The fusion encoders, where some were trained. */
  fusion?: FusionDescription
  loss: string
  temperature: string
  pairs: string[]
  /** How the training went: epochs run, the best, its validation figures. */
  training: Record<string, unknown>
}

export interface Model {
  description: ModelDescription
  layout: Layout
  values: Record<Group, Float32Array>
  /** Log of the logit scale, one or one a pair. */
  logScale: Float32Array
  statistics: Record<string, Statistics>
}

export const headsOf = (
  { modalities, dim }: Pick<ModelDescription, 'modalities' | 'dim'>,
  frozen: ReadonlySet<string>,
): ModalityHead[] =>
  modalities.map(({ name, head, input, hidden, dropout, pooling }) => ({
    name,
    head: headOf(head),
    size: { input, hidden, output: dim },
    dropout: frozen.has(name) ? 0 : dropout,
    frozen: frozen.has(name),
    ...(pooling && { pooling }),
  }))

/** The metadata of a model stream. */
export const modelMetadata = (description: ModelDescription): ReadonlyMap<string, string> =>
  new Map([['pcm.model', JSON.stringify(description)]])

/** The rows of a model stream, in a fixed order. */
export function parametersOfModel(model: Model): Parameter[] {
  const { layout, values, logScale, statistics } = model
  const parameters = layout.slots.map(({ path, shape, group, offset, size }) => ({
    name: path,
    shape,
    data: values[group].subarray(offset, offset + size),
  }))
  for (const [name, { mean, deviation }] of Object.entries(statistics))
    parameters.push(
      { name: `${name}/mean`, shape: [mean.length], data: mean },
      { name: `${name}/deviation`, shape: [deviation.length], data: deviation },
    )
  return [...parameters, { name: 'log-scale', shape: [logScale.length], data: logScale }]
}

/** Builds a model from the rows of its stream; throws bad data (65) where they do not fit. */
export function modelFrom(
  source: string,
  metadata: ReadonlyMap<string, string>,
  parameters: ReadonlyMap<string, Parameter>,
  frozen?: ReadonlySet<string>,
): Model {
  const description = parseDescription(source, metadata.get('pcm.model'))
  const names = new Set(description.modalities.map(({ name }) => name))
  const others = fusionLayout(description.fusion, description.dim)
  const layout = layoutOf(headsOf(description, frozen ?? names), others)
  const values = emptyValues(layout)
  const get = (name: string, shape: readonly number[]): Float32Array => {
    const parameter = parameters.get(name)
    if (!parameter) throw badData(`${source}: the model has no parameter '${name}'`)
    if (parameter.shape.join() !== shape.join())
      throw badData(
        `${source}: parameter '${name}' has shape [${parameter.shape}], expected [${shape}]`,
      )
    return parameter.data
  }
  for (const { path, shape, group, offset } of layout.slots)
    values[group].set(get(path, shape), offset)
  const statistics: Record<string, Statistics> = {}
  for (const { name, head, input } of description.modalities)
    if (head !== 'embedding')
      statistics[name] = {
        mean: get(`${name}/mean`, [input]),
        deviation: get(`${name}/deviation`, [input]),
      }
  const scales = parameters.get('log-scale')
  if (!scales) throw badData(`${source}: the model has no parameter 'log-scale'`)
  return { description, layout, values, logScale: scales.data, statistics }
}

function parseDescription(source: string, json: string | undefined): ModelDescription {
  const wrong = (what: string): Error =>
    badData(`${source}: ${what}`, 'models are written by pcm-train')
  if (json === undefined) throw wrong('no pcm.model in its metadata, expected a model')
  let parsed: Partial<ModelDescription>
  try {
    parsed = JSON.parse(json) as Partial<ModelDescription>
  } catch {
    throw wrong('pcm.model in its metadata is not JSON')
  }
  if (parsed?.format !== 1)
    throw wrong(`model format ${JSON.stringify(parsed?.format)}, expected 1`)
  const { dim, modalities } = parsed
  const fits = ({ head, input }: ModelModality): boolean => head !== 'identity' || input === dim
  if (
    !isCount(dim) ||
    !Array.isArray(modalities) ||
    !modalities.every(m => isModality(m) && fits(m))
  )
    throw wrong('pcm.model in its metadata lacks dim or modalities, or has them wrong')
  if (parsed.fusion !== undefined && !isFusion(parsed.fusion))
    throw wrong('pcm.model in its metadata has a fusion encoder of no size')
  return parsed as ModelDescription
}

const isCount = (n: unknown): n is number => Number.isInteger(n) && (n as number) > 0

function isModality(m: unknown): m is ModelModality {
  if (typeof m !== 'object' || m === null) return false
  const { name, head, input, hidden, dropout, pooling } = m as Partial<ModelModality>
  const known = head === 'embedding' || (typeof head === 'string' && Object.hasOwn(HEADS, head))
  const sizes = isCount(input) && isCount(hidden) && typeof dropout === 'number'
  const pools = pooling === undefined || Object.hasOwn(POOLINGS, pooling)
  return typeof name === 'string' && known && sizes && pools
}
