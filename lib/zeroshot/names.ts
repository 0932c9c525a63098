import { badData } from '../error.js'
import { codeColumn } from '../retrieve/relevance.js'
import type { Batch } from '../stream/batch.js'
import type { ModalityField, StreamSchema } from '../stream/types.js'

/** Where the names of classes stand: a column of names, or of codes and their vocabulary. */
export interface NameSource {
  column: string
  vocabulary?: readonly string[]
}

/** The names behind a category modality's codes, where the stream has them. */
export const categoryNames = (
  schema: StreamSchema,
  { name, kind, vocabulary }: ModalityField,
): NameSource | undefined => {
  const column = codeColumn(name)
  const known = schema.others.some(other => other.name === column)
  return kind === 'category' && vocabulary && known ? { column, vocabulary } : undefined
}

/** The embeddings of this name, or bad data (65). */
export const findField = (schema: StreamSchema, source: string, name: string): ModalityField => {
  const field = schema.modalities.find(field => field.name === name)
  if (field) return field
  const names = schema.modalities.map(({ name }) => name).join(', ')
  throw badData(`${source}: there are no embeddings '${name}', only ${names || 'other columns'}`)
}

/** The class name of every row of a batch; null where there is none. Numbers count as their text. */
export const namesIn = (batch: Batch, { column, vocabulary }: NameSource): (string | null)[] =>
  batch.other(column).values.map((value, row) => {
    if (value === null) return null
    if (!vocabulary) return String(value)
    const name = vocabulary[Number(value)]
    if (name !== undefined) return name
    throw badData(
      `column '${column}': row ${batch.firstRow + row} has code ${value}, the vocabulary has ${vocabulary.length}`,
    )
  })
