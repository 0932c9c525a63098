import type { ModalityField } from '../stream/types.js'
import type { SideSpec } from './direction.js'
import type { Embeddings, Keys } from './embeddings.js'
import { enrich } from './enrich.js'
import { distinct, entriesOf, type Entries } from './entries.js'
import { multiply } from './multiply.js'
import { codeColumn } from './relevance.js'

/** The queries or the gallery of a direction, and what became of the rows. */
export interface Side extends SideCounts {
  entries: Entries
}

export interface SideCounts {
  /** Selected rows that lack every modality of the side. */
  missing: number
  /** Entries left out because another row of the same item, or of the same class, says the same. */
  merged: number
  /** Enriched sides: rows that have all the modalities, and rows where they cancel out. */
  complete?: number
  opposed?: number
}

export interface SideTask {
  table: Embeddings
  keys: Keys
  spec: SideSpec
  /** One byte a row: 1 where the row is on this side. */
  selection: Uint8Array | undefined
  /** The column that makes entries relevant to each other. */
  relevance: string
}

export const makeSide = ({ table, keys, spec, selection, relevance }: SideTask): Side => {
  const { column, ...enriched } = columnOf(table, spec)
  const { missing, ...entries } = entriesOf(column, selection)
  const once = distinct(entries, [keys.of(relevance), keys.of(identity(table.fields, spec))])
  return {
    entries: once,
    missing,
    merged: entries.rows.length - once.rows.length,
    ...enriched,
  }
}

/** What tells the things of a side apart: for a category its code, else `id`. */
const identity = (fields: readonly ModalityField[], { parts }: SideSpec): string => {
  const [part] = parts
  const field = parts.length === 1 ? fields.find(({ name }) => name === part!.column) : undefined
  return field?.kind === 'category' ? codeColumn(field.name) : 'id'
}

const columnOf = (table: Embeddings, { parts, product }: SideSpec) => {
  if (parts.length === 1) return { column: table.modalities[parts[0]!.column]! }
  if (product) {
    const columns = parts.map(({ column }) => table.modalities[column]!)
    return multiply(columns, table.rows)
  }
  return enrich(
    parts.map(({ column, weight }) => ({ column: table.modalities[column]!, weight })),
    table.rows,
  )
}
