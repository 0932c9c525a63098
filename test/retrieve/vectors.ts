import type { VectorColumn } from '../../lib/stream/types.js'
import type { Vectors } from '../../lib/retrieve/vectors.js'

/** Helpers that write small sets of vectors down. */

export const unit = (vector: readonly number[]): number[] => {
  const norm = Math.hypot(...vector)
  return vector.map(x => x / norm)
}

export const vectors = (
  rows: readonly (readonly number[])[],
  dim = rows[0]?.length ?? 1,
): Vectors => ({
  count: rows.length,
  dim,
  values: Float32Array.from(rows.flat()),
})

/** `undefined` is a row without this modality. */
export const vectorColumn = (rows: readonly (readonly number[] | undefined)[]): VectorColumn => {
  const dim = rows.find(row => row !== undefined)?.length ?? 1
  return {
    layout: 'vector',
    dim,
    values: Float32Array.from(rows.flatMap(row => row ?? Array.from({ length: dim }, () => 0))),
    present: Uint8Array.from(rows, row => (row ? 1 : 0)),
  }
}
