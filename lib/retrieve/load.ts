import type { EmbeddingSource } from './embedding-source.js'
import type { ModalityColumn, OtherColumn } from '../stream/types.js'
import type { Where } from '../stream/where.js'
import type { Embeddings } from './embeddings.js'
import { checkOneSpace } from './one-space.js'
import type { Plan } from './plan.js'
import type { SimilarityTask } from './open-similarity.js'
import { unitColumn } from './unit-column.js'

/** Reads the columns that a plan needs; every vector comes out with norm 1. */
export const loadEmbeddings = async (source: EmbeddingSource, plan: Plan): Promise<Embeddings> => {
  const fields = source.schema.modalities.filter(({ name }) => plan.modalities.includes(name))
  checkOneSpace(fields, source.name)
  const { rows, border, modalities, others } = await source.collect(plan)
  for (const field of fields)
    modalities[field.name] = unitColumn(field, modalities[field.name]!, source.name)
  return {
    ...{ source: source.name, rows, fields: source.schema.modalities, modalities, others },
    ...(border !== undefined && { border }),
  }
}

/** The rows of a selection, or all, that may be on one side. */
export const onSide = (
  { rows, border }: Embeddings,
  side: 'query' | 'gallery',
  selected: Uint8Array | undefined,
): Uint8Array | undefined => {
  if (border === undefined) return selected
  const may = (row: number): boolean => (side === 'query' ? row < border : row >= border)
  return Uint8Array.from({ length: rows }, (_, row) => Number(may(row)) & (selected?.[row] ?? 1))
}

/** One byte a row: 1 where the condition holds; undefined where there is none. */
export const selection = (
  { others }: { others: Record<string, OtherColumn> },
  where: Where | undefined,
): Uint8Array | undefined =>
  where &&
  Uint8Array.from(others[where.column]!.values, value =>
    Number(value !== null && where.values.has(String(value))),
  )

/** How much there is to multiply, at most. */
export const workOf = ({ directions }: Plan, { modalities, rows }: Embeddings): SimilarityTask => {
  const task = { dim: 1, queries: 0, entries: 0, work: 0 }
  const vectors = (parts: readonly { column: string }[]) =>
    parts.length > 1 ? rows : vectorsIn(modalities[parts[0]!.column]!)
  for (const { direction } of directions) {
    const queries = vectors(direction.query.parts)
    const entries = vectors(direction.gallery.parts)
    task.dim = dimOf(modalities[direction.query.parts[0]!.column]!)
    task.queries = Math.max(task.queries, queries)
    task.entries = Math.max(task.entries, entries)
    task.work += queries * entries * task.dim
  }
  return task
}

const vectorsIn = (column: ModalityColumn): number =>
  column.layout === 'category' ? 0 : column.values.length / column.dim

const dimOf = (column: ModalityColumn): number => (column.layout === 'category' ? 0 : column.dim)
