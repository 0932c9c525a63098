import type { Layout, ModalityColumn, NestedColumn, RaggedColumn } from '../../stream/types.js'

/**
 * Feature vectors of one modality, one or several (views) a row: row r owns vectors
 * offsets[r] .. offsets[r+1]-1 of `values` (vectors x dim). An absent row owns a vector of zeros or
 * none, and present[r] = 0.
 */
export interface Vectors<V = Float32Array> {
  dim: number
  values: V
  offsets: Int32Array
  present: Uint8Array
  /** True where the column came as views, so that its embeddings keep the axis. */
  views: boolean
  /** Where each is a sequence of tokens: sequence v owns tokens tokenOffsets[v] .. tokenOffsets[v+1]-1 of `values`. */
  tokenOffsets?: Int32Array
}

/** A column as vectors: views are kept, tokens are pooled by their mean. */
export function vectorsOf(column: Exclude<ModalityColumn, { layout: 'category' }>): Vectors {
  const { dim, values, present } = column
  switch (column.layout) {
    case 'vector':
      return { dim, values, present, offsets: counting(present.length), views: false }
    case 'views':
      return { dim, values, present, offsets: column.offsets, views: true }
    case 'tokens':
      return {
        dim,
        values: meanPool(values, column.offsets, dim),
        present: present.map((there, r) => there & Number(lengthOf(column, r) > 0)),
        offsets: counting(present.length),
        views: false,
      }
    case 'views-of-tokens':
      return pooledViews(column)
  }
}

/** A column of tokens, or of views of tokens, with its tokens as they are. */
export function sequencesOf(column: RaggedColumn | NestedColumn): Vectors {
  const { dim, values, present, offsets } = column
  if (column.layout === 'views-of-tokens')
    return { dim, values, present, offsets, views: true, tokenOffsets: column.viewOffsets }
  const rows = counting(present.length)
  return { dim, values, present, offsets: rows, views: false, tokenOffsets: offsets }
}

export const hasTokens = ({ layout }: { layout: Layout }): boolean =>
  layout === 'tokens' || layout === 'views-of-tokens'

/** Row r owns numbers of `values` from vector rowOffsets[r] to rowOffsets[r+1]-1, tokens or not. */
export const rowOffsets = ({ offsets, tokenOffsets }: Vectors<unknown>): Int32Array =>
  tokenOffsets ? offsets.map(at => tokenOffsets[at]!) : offsets

const counting = (rows: number): Int32Array => Int32Array.from({ length: rows + 1 }, (_, i) => i)

const lengthOf = ({ offsets }: RaggedColumn, r: number): number => offsets[r + 1]! - offsets[r]!

const pooledViews = ({ dim, values, offsets, viewOffsets, present }: NestedColumn): Vectors => ({
  dim,
  values: meanPool(values, viewOffsets, dim),
  offsets,
  present,
  views: true,
})

/** Means of runs of vectors: run r is vectors offsets[r] .. offsets[r+1]-1; an empty run is 0. */
export function meanPool(values: Float32Array, offsets: Int32Array, dim: number): Float32Array {
  const runs = offsets.length - 1
  const pooled = new Float32Array(runs * dim)
  const sum = new Float64Array(dim)
  for (let r = 0; r < runs; r++) {
    const count = offsets[r + 1]! - offsets[r]!
    if (count === 0) continue
    sum.fill(0)
    for (let i = offsets[r]! * dim; i < offsets[r + 1]! * dim; i += dim)
      for (let j = 0; j < dim; j++) sum[j]! += values[i + j]!
    for (let j = 0; j < dim; j++) pooled[r * dim + j] = sum[j]! / count
  }
  return pooled
}
