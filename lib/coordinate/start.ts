import { badData, badUsage } from '../error.js'
import type { ModalityField } from '../stream/types.js'
import type { ModalityData } from './data/dataset.js'
import { hasTokens } from './data/vectors.js'
import { headOf } from './heads/index.js'
import { initialValues, type Layout, type ModalityHead } from './layout.js'
import type { Model, ModelModality } from './model.js'
import { type PoolingKind, poolsVectors } from './poolings/index.js'
import type { HeadSettings, TrainSettings } from './settings.js'
import type { Learned } from './trainer.js'

/** The head a modality gets: that of a model to start from where it has one, else a new one. */
export function modalityOf(
  source: string,
  field: ModalityField,
  data: ModalityData,
  own: HeadSettings,
  dim: number,
  init: Model | undefined,
): ModelModality {
  const { name, kind, encoder, vocabulary } = field
  const input = data.type === 'codes' ? data.categories : data.dim
  const known = init?.description.modalities.find(m => m.name === name)
  if (known) {
    checkKnown(source, known, field, input)
    return { ...known, dropout: known.head === 'embedding' ? 0 : own.dropout }
  }
  if (data.type === 'vectors' && own.kind === 'identity' && input !== dim)
    throw badUsage(
      `--head ${name}=identity: its vectors have ${input} numbers, the space has ${dim} dimensions`,
      `--dim ${input}`,
    )
  return {
    name,
    kind,
    head: data.type === 'codes' ? 'embedding' : own.kind,
    input,
    hidden: own.hidden,
    dropout: data.type === 'codes' ? 0 : own.dropout,
    ...poolingOf(data, own),
    ...(encoder !== undefined && { encoder }),
    ...(vocabulary && { vocabulary }),
  }
}

/** Tokens are always pooled, vectors where that has a meaning. */
function poolingOf(data: ModalityData, { pooling }: HeadSettings): Pick<ModelModality, 'pooling'> {
  if (data.type === 'codes') return {}
  if (data.tokenOffsets) return { pooling: pooling ?? 'mean' }
  return pooling && poolsVectors(pooling) ? { pooling } : {}
}

/** Whether features are the embeddings, and so must not be standardised. */
export const isIdentity = (modalities: readonly ModelModality[], name: string): boolean =>
  modalities.some(m => m.name === name && m.head === 'identity')

/** Poolings of heads that stay as they are: what such heads share must stay, too. */
export const heldPoolings = (
  init: Model | undefined,
  changed: ReadonlySet<string>,
): Set<PoolingKind> =>
  new Set(
    init?.description.modalities
      .filter(({ name }) => !changed.has(name))
      .flatMap(({ pooling }) => pooling ?? []),
  )

/** Refuses features (65) that a known head was not made for. */
export function checkKnown(
  source: string,
  known: ModelModality,
  field: ModalityField,
  input: number,
): void {
  const { vocabulary } = field
  const column = `${source}: column '${field.name}'`
  if ((known.head === 'embedding') !== (field.layout === 'category'))
    throw badData(`${column} is ${field.kind}, the model has ${known.kind} under that name`)
  if (known.pooling && !poolsVectors(known.pooling) && !hasTokens(field))
    throw badData(
      `${column} has vectors, the model pools tokens (${known.pooling})`,
      'extract it with the option tokens',
    )
  if (known.vocabulary && known.vocabulary.join('\0') !== vocabulary?.join('\0'))
    throw badData(
      `${column} has another vocabulary than the model: ${vocabulary?.length} names, expected ${known.vocabulary.length}`,
      'extract it with vocab=FILE, the vocabulary the model was trained with',
    )
  if (known.input !== input)
    throw badData(`${column} has vectors of ${input} numbers, the model expects ${known.input}`)
}

export const modalityHead = (m: ModelModality, { dim, frozen }: TrainSettings): ModalityHead => ({
  name: m.name,
  head: headOf(m.head),
  size: { input: m.input, hidden: m.hidden, output: dim },
  dropout: frozen.has(m.name) ? 0 : m.dropout,
  frozen: frozen.has(m.name),
  ...(m.pooling && { pooling: m.pooling }),
})

/** Numbers to start from: drawn from the seed, or those of a model where it has them. */
export function startOf(layout: Layout, settings: TrainSettings, init: Model | undefined): Learned {
  const values = initialValues(layout, settings.seed)
  const scales = settings.temperature === 'per-pair' ? settings.pairs.length : 1
  const logScale = new Float32Array(scales).fill(Math.log(settings.scale))
  if (!init) return { values, logScale }
  for (const { path, group, offset, size } of init.layout.slots) {
    const slot = layout.slots.find(s => s.path === path)
    if (slot)
      values[slot.group].set(init.values[group].subarray(offset, offset + size), slot.offset)
  }
  if (init.logScale.length === scales) logScale.set(init.logScale)
  return { values, logScale }
}
