import type { Vectors } from '../vectors.js'

/** Numbers that every offset adds to a vector: float32 holds an offset in two parts. */
const PARTS = 2

/**
 * Queries and gallery whose inner products are score - offsets[choice of the query][entry], or the
 * score alone for choice -1. So what corrects scores by a number per gallery entry is ranked by the
 * same exact count as plain cosines; offsets are kept to 48 bits.
 */
export const withOffsets = (
  queries: Vectors,
  gallery: Vectors,
  offsets: readonly Float64Array[],
  choice: Int32Array,
): { queries: Vectors; gallery: Vectors } => {
  const more = PARTS * offsets.length
  return {
    queries: extended(queries, more, (query, at) =>
      choice[query] === Math.floor(at / PARTS) ? 1 : 0,
    ),
    gallery: extended(gallery, more, (entry, at) => {
      const offset = offsets[Math.floor(at / PARTS)]![entry]!
      const high = Math.fround(offset)
      return at % PARTS === 0 ? -high : high - offset
    }),
  }
}

/** How many numbers `withOffsets` adds to each vector. */
export const widening = (offsets: number): number => PARTS * offsets

const extended = (
  { count, dim, values }: Vectors,
  more: number,
  of: (vector: number, at: number) => number,
): Vectors => {
  const wide = new Float32Array(count * (dim + more))
  for (let vector = 0; vector < count; vector++) {
    const to = vector * (dim + more)
    wide.set(values.subarray(vector * dim, (vector + 1) * dim), to)
    for (let at = 0; at < more; at++) wide[to + dim + at] = of(vector, at)
  }
  return { count, dim: dim + more, values: wide }
}
