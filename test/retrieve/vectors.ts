import type { Embeddings } from '../../lib/retrieve/embeddings.js'
import type { Vectors } from '../../lib/retrieve/vectors.js'
import type {
  ModalityColumn,
  ModalityField,
  OtherColumn,
  RaggedColumn,
  VectorColumn,
} from '../../lib/stream/types.js'

/** Helpers that write small sets of vectors down. */

export const unit = (vector: readonly number[]): number[] => {
  const norm = Math.hypot(...vector)
  return vector.map(x => x / norm)
}

export const vectors = (
  rows: readonly (readonly number[])[],
  dim = rows[0]?.length ?? 1,
): Vectors => ({ count: rows.length, dim, values: Float32Array.from(rows.flat()) })

/** `undefined` is a row without this modality. */
export const vectorColumn = (
  rows: readonly (readonly number[] | undefined)[],
  dim = rows.find(row => row !== undefined)?.length ?? 1,
): VectorColumn => ({
  layout: 'vector',
  dim,
  values: Float32Array.from(rows.flatMap(row => row ?? Array.from({ length: dim }, () => 0))),
  present: Uint8Array.from(rows, row => (row ? 1 : 0)),
})

export const viewsColumn = (
  rows: readonly (readonly (readonly number[])[] | undefined)[],
  dim: number,
): RaggedColumn => {
  let end = 0
  return {
    layout: 'views',
    dim,
    values: Float32Array.from(rows.flatMap(row => (row ?? []).flat())),
    offsets: Int32Array.from([0, ...rows.map(row => (end += row?.length ?? 0))]),
    present: Uint8Array.from(rows, row => (row ? 1 : 0)),
  }
}

export const others = (
  columns: Record<string, OtherColumn['values']>,
): Record<string, OtherColumn> =>
  Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, { layout: 'other', values }]),
  )

export const field = (
  name: string,
  column: ModalityColumn,
  more: Partial<ModalityField> = {},
): ModalityField => ({
  name,
  kind: 'vector',
  layout: column.layout,
  dim: column.layout === 'category' ? 0 : column.dim,
  float: 'float32',
  unit: true,
  ...more,
})

type Column = OtherColumn | ((VectorColumn | RaggedColumn) & { kind?: ModalityField['kind'] })

/** Embeddings in memory, of unit vectors. */
export const table = (columns: Record<string, Column>): Embeddings => {
  const modalities: Record<string, ModalityColumn> = {}
  const rest: Record<string, OtherColumn> = {}
  const fields: ModalityField[] = []
  for (const [name, column] of Object.entries(columns)) {
    if (column.layout === 'other') rest[name] = column
    else {
      modalities[name] = column
      fields.push(field(name, column, { kind: column.kind ?? 'vector' }))
    }
  }
  const rows = rest['id']!.values.length
  return { source: 'test', rows, fields, modalities, others: rest }
}
