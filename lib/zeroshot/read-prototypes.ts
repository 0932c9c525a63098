import { badData } from '../error.js'
import { checkOneSpace } from '../retrieve/one-space.js'
import { unitColumn } from '../retrieve/unit-column.js'
import type { Batch } from '../stream/batch.js'
import type { ModalityField, StreamSchema } from '../stream/types.js'
import { namesIn } from './names.js'
import { categoryNames, findField, type NameSource } from './plan.js'
import { PrototypeBuilder, type Prototypes } from './prototypes.js'

/** A stream of embeddings, or the part of it that has to be looked at. */
export interface Labelled {
  name: string
  schema: StreamSchema
  batches: AsyncIterable<Batch>
}

/**
 * Prototypes from a stream whose ids are the names of classes; rows with equal ids are averaged. A
 * stream with several embeddings needs the name of the one to take.
 */
export const prototypesById = async (from: Labelled, modality?: string): Promise<Prototypes> => {
  const { schema, name } = from
  const [first, second] = schema.modalities
  if (modality === undefined && (!first || second))
    throw badData(
      `${name}: found ${schema.modalities.length} modalities, expected prototypes of one`,
      'name the one to take with --class-modality',
    )
  const field = findField(schema, name, modality ?? first!.name)
  return gather(from, field, categoryNames(schema, field) ?? { column: 'id' })
}

/**
 * Prototypes from a modality of the items themselves: the embedding of each category, or else the
 * unit mean of the modality over the items with one label.
 */
export const prototypesOfModality = async (
  from: Labelled,
  modality: string,
  truth: NameSource | undefined,
): Promise<Prototypes> => {
  const field = findField(from.schema, from.name, modality)
  const names = categoryNames(from.schema, field) ?? truth
  if (names) return gather(from, field, names)
  throw badData(
    `${from.name}: '${modality}' is no category and there is no column 'label', so its classes have no names`,
    'name the column with --label',
  )
}

const gather = async (
  { name, batches }: Labelled,
  field: ModalityField,
  source: NameSource,
): Promise<Prototypes> => {
  checkOneSpace([field], name)
  const builder = new PrototypeBuilder(field.dim)
  for await (const batch of batches) {
    const names = namesIn(batch, source)
    const column = unitColumn(field, batch.modality(field.name), name, batch.firstRow)
    builder.add(column, row => names[row]!)
  }
  return builder.finish()
}
