import { badData, badUsage } from '../error.js'
import { codeColumn } from '../retrieve/relevance.js'
import type { ModalityField, StreamSchema } from '../stream/types.js'

export interface PlanOptions {
  /** Modalities to classify; all that do not hold the class modality where there are none. */
  modalities: readonly string[]
  /** The modality of the input that the prototypes come from, if they come from there. */
  classModality?: string
  /** The column with the truth. */
  label?: string
}

/** Where the names of classes stand: a column of names, or of codes and their vocabulary. */
export interface NameSource {
  column: string
  vocabulary?: readonly string[]
}

export interface Plan {
  /** The embeddings to classify. */
  fields: ModalityField[]
  /** Where the truth stands; nowhere in a stream without labels. */
  truth?: NameSource
}

/** What of a stream is to be classified, and what is the truth. */
export const planZeroshot = (schema: StreamSchema, source: string, options: PlanOptions): Plan => {
  const { classModality } = options
  const holdsClass = (field: ModalityField) =>
    classModality !== undefined && (field.of ?? [field.name]).includes(classModality)
  const named = options.modalities.map(name => findField(schema, source, name))
  const leak = named.find(holdsClass)
  if (leak)
    throw badUsage(
      `--modality ${leak.name}: the prototypes come from '${classModality}', so the answer is in the question`,
    )
  const fields = named.length ? named : schema.modalities.filter(field => !holdsClass(field))
  if (fields.length === 0)
    throw badData(`${source}: there is no modality to classify besides '${classModality}'`)
  return { fields, truth: truthOf(schema, source, options) }
}

/** The embeddings of this name, or bad data (65). */
export const findField = (schema: StreamSchema, source: string, name: string): ModalityField => {
  const field = schema.modalities.find(field => field.name === name)
  if (field) return field
  const names = schema.modalities.map(({ name }) => name).join(', ')
  throw badData(`${source}: there are no embeddings '${name}', only ${names || 'other columns'}`)
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

const truthOf = (
  schema: StreamSchema,
  source: string,
  { label, classModality }: PlanOptions,
): NameSource | undefined => {
  const has = (column: string) => schema.others.some(({ name }) => name === column)
  if (label !== undefined) {
    if (has(label)) return { column: label }
    const names = schema.others.map(({ name }) => name).join(', ')
    throw badData(`${source}: there is no column '${label}', only ${names || 'embeddings'}`)
  }
  if (has('label')) return { column: 'label' }
  if (classModality === undefined) return undefined
  return categoryNames(schema, findField(schema, source, classModality))
}
