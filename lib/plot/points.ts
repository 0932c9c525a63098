import { badData, badUsage } from '../error.js'
import type { EmbeddingSource } from '../retrieve/embedding-source.js'
import { Keys, type Embeddings } from '../retrieve/embeddings.js'
import { checkOneSpace } from '../retrieve/one-space.js'
import { codeColumn } from '../retrieve/relevance.js'
import { makeSide } from '../retrieve/side.js'
import { unitColumn } from '../retrieve/unit-column.js'
import type { Vectors } from '../retrieve/vectors.js'
import type { ModalityField } from '../stream/types.js'
import { drawItems } from './draw-items.js'

/** One embedding on a map. */
export interface Point {
  id: string
  modality: string
  /** Stands for a class, not for an item. */
  prototype: boolean
  /** The value of the colour column; null where there is none. */
  value: string | null
}

export interface PointSet {
  points: Point[]
  vectors: Vectors
  /** Items that were drawn at random, of how many. */
  items: { drawn: number; of: number }
  /** The column of `value`. */
  column?: string
}

export interface PointOptions {
  modality: readonly string[]
  color?: string
  points: number
  seed: number
}

/** The column that tells classes apart where nothing is said. */
const USUAL_COLUMN = 'label'

/**
 * Reads the embeddings that a map shows: every view of every item, every class once. Where they
 * are more than `points`, whole items are drawn at random, so that what belongs together stays.
 */
export const readPoints = async (
  source: EmbeddingSource,
  options: PointOptions,
): Promise<PointSet> => {
  const fields = chosen(source, options.modality)
  checkOneSpace(fields, source.name)
  const column = colourColumn(source, options.color)
  const codes = fields.filter(({ kind }) => kind === 'category').map(({ name }) => codeColumn(name))
  const others = [...new Set(['id', ...(column === undefined ? [] : [column]), ...codes])]
  const collected = await source.collect({ modalities: fields.map(({ name }) => name), others })
  for (const field of fields)
    collected.modalities[field.name] = unitColumn(
      field,
      collected.modalities[field.name]!,
      source.name,
    )
  const table: Embeddings = { ...collected, source: source.name, fields: source.schema.modalities }
  const { selection, ...items } = drawItems(table, options)
  return { ...gathered(table, fields, { column, selection }), items, column }
}

const chosen = ({ schema, name }: EmbeddingSource, names: readonly string[]): ModalityField[] => {
  const known = schema.modalities.map(field => field.name)
  const lost = names.find(each => !known.includes(each))
  if (lost !== undefined)
    throw badData(`${name}: no embeddings '${lost}', only ${known.join(', ') || 'other columns'}`)
  const fields = schema.modalities.filter(field => names.length === 0 || names.includes(field.name))
  if (fields.length === 0)
    throw badData(`${name}: found no embeddings, expected a modality to draw`)
  return fields
}

const colourColumn = ({ schema, name }: EmbeddingSource, asked?: string): string | undefined => {
  const columns = schema.others.map(field => field.name)
  if (asked === undefined) return columns.find(each => each === USUAL_COLUMN)
  if (asked === 'modality' && !columns.includes(asked)) return undefined
  if (columns.includes(asked)) return asked
  throw badUsage(`--color ${asked}: ${name} has no such column, only ${columns.join(', ')}`)
}

const gathered = (
  table: Embeddings,
  fields: readonly ModalityField[],
  { column, selection }: { column?: string; selection?: Uint8Array },
): Pick<PointSet, 'points' | 'vectors'> => {
  const keys = new Keys(table)
  const sides = fields.map(({ name, kind }) => {
    const relevance = kind === 'category' ? codeColumn(name) : 'id'
    const spec = { parts: [{ column: name, weight: 1 }], modalities: [name] }
    return makeSide({ table, keys, spec, selection, relevance }).entries
  })
  const text = (of: string, row: number) => {
    const value = table.others[of]!.values[row]
    return value === null || value === undefined ? null : String(value)
  }
  const points = sides.flatMap((entries, at) =>
    Array.from(entries.rows, row => ({
      id: text('id', row)!,
      modality: fields[at]!.name,
      prototype: fields[at]!.kind === 'category',
      value: column === undefined ? null : text(column, row),
    })),
  )
  const dim = Math.max(0, ...sides.map(({ vectors }) => vectors.dim))
  const values = new Float32Array(points.length * dim)
  let end = 0
  for (const { vectors } of sides) {
    values.set(vectors.values, end)
    end += vectors.values.length
  }
  return { points, vectors: { count: points.length, dim, values } }
}
