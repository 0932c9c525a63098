import { badData } from '../error.js'
import type { Engine } from '../engine/types.js'
import { enrich } from '../retrieve/enrich.js'
import { ahead } from '../stream/ahead.js'
import type { InputStream } from '../stream/read.js'
import { rebatch } from '../stream/rebatch.js'
import { rowsPerBatch } from '../stream/rows-per-batch.js'
import type { Batch } from '../stream/batch.js'
import type { ModalityColumn, ModalityField, OtherField, StreamSchema } from '../stream/types.js'
import type { OutputBatch } from '../stream/write.js'
import { binaryCodes } from './binary-codes.js'
import { checkUnit, type Embedded, embedColumn } from './embed-column.js'
import { deviationName, meanName } from './embed-program.js'
import { Embedder, type Embeds } from './embedder.js'
import type { Enrichment } from './enrichment.js'
import type { Model } from './model.js'
import type { Spoil } from './perturb.js'
import { stateOfPieces } from './pieces.js'
import { checkKnown } from './start.js'

/** Embeddings of a category keep its codes in a column of their own, for what tells classes apart. */
const codeColumn = (name: string): string => `${name}.code`

/** What an embeddings stream holds, for the features and the model at hand. */
export interface EmbeddingPlan {
  /** Modalities that have features and a head. */
  modalities: readonly ModalityField[]
  /** Feature columns for which the model has no head; they are left out. */
  headless: readonly string[]
  /** Modalities and other columns of the output, without the enriched ones. */
  fields: ModalityField[]
  others: OtherField[]
}

/** Matches features with heads. Throws bad data (65) where they do not fit, or none do. */
export function planEmbedding(stream: InputStream, model: Model): EmbeddingPlan {
  const { modalities, others } = stream.schema
  const heads = new Map(model.description.modalities.map(m => [m.name, m]))
  const matched = modalities.filter(({ name }) => heads.has(name))
  if (matched.length === 0)
    throw badData(
      `${stream.name}: no modality the model has a head for, found ${names(modalities)}`,
      `the model has heads for ${[...heads.keys()].join(', ')}`,
    )
  for (const field of matched)
    checkKnown(stream.name, heads.get(field.name)!, field, field.vocabulary?.length ?? field.dim)
  const codes = matched.filter(({ layout }) => layout === 'category')
  for (const { name } of codes)
    if (others.some(other => other.name === codeColumn(name)))
      throw badData(
        `${stream.name}: column '${codeColumn(name)}' is in the way of the codes of '${name}'`,
      )
  return {
    modalities: matched,
    headless: modalities.filter(({ name }) => !heads.has(name)).map(({ name }) => name),
    fields: matched.map(field => embeddingField(field, model.description.dim)),
    others: [...others, ...codes.map(codeField)],
  }
}

const names = (fields: readonly ModalityField[]): string =>
  fields.map(({ name }) => name).join(', ') || 'none'

const embeddingField = (field: ModalityField, dim: number): ModalityField => ({
  ...field,
  layout: field.layout === 'views' || field.layout === 'views-of-tokens' ? 'views' : 'vector',
  dim,
  float: 'float32',
  unit: true,
})

const codeField = ({ name }: ModalityField): OtherField => ({
  name: codeColumn(name),
  type: 'integer',
  nullable: true,
  metadata: new Map([
    ['pcm.role', 'code'],
    ['pcm.of', JSON.stringify([name])],
  ]),
})

/** The schema of the output, enriched columns included. */
export function embeddingSchema(
  plan: EmbeddingPlan,
  enrichments: readonly Enrichment[],
  dim: number,
): Pick<StreamSchema, 'modalities' | 'others'> {
  const enriched = enrichments.map(({ name, parts }) => ({
    name,
    kind: 'vector' as const,
    layout: 'vector' as const,
    dim,
    float: 'float32' as const,
    unit: true,
    of: parts.map(({ modality }) => modality),
  }))
  return { modalities: [...plan.fields, ...enriched], others: plan.others }
}

/** Rows whose parts cancel out, so that the first modality stands for all; counted over the run. */
export interface EmbeddingCounts {
  rows: number
  opposed: number
}

export interface EmbedOptions {
  /** Write binary codes, those of enriched columns too. */
  codes?: boolean
  /** Changes features before they are embedded. */
  spoil?: Spoil
}

/** Embeds batch after batch, in constant memory; how the batches came makes no difference. */
export async function* embedBatches(
  stream: InputStream,
  { description: { dim } }: Pick<Model, 'description'>,
  embedder: Embeds,
  plan: EmbeddingPlan,
  enrichments: readonly Enrichment[],
  counts: EmbeddingCounts,
  { codes = false, spoil = (_, column) => column }: EmbedOptions = {},
): AsyncGenerator<OutputBatch> {
  // While one batch is written the next is embedded, and the one after that is read.
  for await (const { batch, embedded } of ahead(embedding(stream, embedder, plan, spoil))) {
    const modalities: Record<string, ModalityColumn> = {}
    const others: NonNullable<OutputBatch['others']> = {}
    for (const [name, made] of await embedded) {
      checkUnit({ ...made, name, source: stream.name, firstRow: batch.firstRow })
      modalities[name] = { ...made, dim, checked: true } as ModalityColumn
      const column = batch.modality(name)
      if (column.layout === 'category')
        others[codeColumn(name)] = {
          layout: 'other',
          values: Array.from(column.codes, (code, r) => (column.present[r] ? code : null)),
        }
    }
    for (const { name, parts } of enrichments) {
      const columns = parts.map(p => ({ column: modalities[p.modality]!, weight: p.weight }))
      const { column, opposed } = enrich(columns, batch.rows)
      modalities[name] = column
      counts.opposed += opposed
    }
    if (codes)
      for (const [name, column] of Object.entries(modalities))
        modalities[name] = binaryCodes(column)
    counts.rows += batch.rows
    yield { rows: batch.rows, modalities, others, from: batch }
  }
}

/** Batches whose columns are being embedded. */
async function* embedding(
  stream: InputStream,
  embedder: Embeds,
  plan: EmbeddingPlan,
  spoil: Spoil,
): AsyncGenerator<{ batch: Batch; embedded: Promise<[string, Embedded][]> }> {
  for await (const batch of ahead(rebatch(stream, rowsPerBatch(stream.schema)))) {
    const columns = plan.modalities.map(async ({ name }): Promise<[string, Embedded]> => [
      name,
      await embedColumn(name, spoil(name, batch.modality(name), batch.firstRow), embedder),
    ])
    const embedded = Promise.all(columns)
    // It may fail before anybody waits for it.
    embedded.catch(() => {})
    yield { batch, embedded }
  }
}

/** What embeds with a model on an engine, in this thread. */
export const embedderOf = (engine: Engine, model: Model): Embedder =>
  new Embedder(engine, model.layout, engine.state(stateOf(model)), { raw: true })

/** Parameters and statistics of a model, as state of the engine. */
export function stateOf({ layout, values, statistics }: Model) {
  const state = stateOfPieces(layout, values)
  const put = (name: string, numbers: Float32Array): void => {
    if (numbers.length > 0) state[name] = { shape: [numbers.length], values: numbers }
  }
  for (const [name, { mean, deviation }] of Object.entries(statistics)) {
    put(meanName(name), mean)
    put(deviationName(name), deviation)
  }
  return state
}
