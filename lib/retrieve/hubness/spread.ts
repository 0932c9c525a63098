import { normalise } from '../unit.js'
import type { Similarity } from '../similarity.js'
import { topEntries } from '../top.js'
import type { Vectors } from '../vectors.js'

/**
 * Inverse convolution: G' = rownorm(G - (rate / n) (A - mean(A)) R), A = G R^T (METHODS 3.6), with
 * R^T R in place of A, so memory does not grow with n.
 */
export const invGc = (gallery: Vectors, bank: Vectors, rate: number): Float64Array[] => {
  const { dim } = gallery
  const gram = Array.from({ length: dim }, () => new Float64Array(dim))
  const sum = new Float64Array(dim)
  for (let b = 0; b < bank.count; b++) {
    const row = bank.values.subarray(b * dim, (b + 1) * dim)
    for (let i = 0; i < dim; i++) {
      sum[i]! += row[i]!
      const line = gram[i]!
      for (let j = 0; j < dim; j++) line[j]! += row[i]! * row[j]!
    }
  }
  let total = 0
  for (let i = 0; i < gallery.values.length; i++) total += gallery.values[i]! * sum[i % dim]!
  const mean = total / (gallery.count * bank.count)
  return rowsOf(gallery).map(row => {
    const moved = row.slice()
    for (let j = 0; j < dim; j++) {
      let pull = -mean * sum[j]!
      for (let i = 0; i < dim; i++) pull += row[i]! * gram[i]![j]!
      moved[j]! -= (rate / bank.count) * pull
    }
    return unitOr(moved, row)
  })
}

/** The same with the k nearest of the bank alone, without the mean: G' = rownorm(G - (rate / k) A_k R). */
export const localAdj = async (
  gallery: Vectors,
  bank: Vectors,
  rate: number,
  k: number,
  similarity: Similarity,
): Promise<Float64Array[]> => {
  const { dim } = gallery
  const rows = rowsOf(gallery)
  const task = { queries: gallery, gallery: bank, k, similarity }
  for await (const { query, entries, scores } of topEntries(task)) {
    const moved = rows[query]!.slice()
    for (let n = 0; n < Math.min(k, entries.length); n++)
      for (let i = 0; i < dim; i++)
        moved[i]! -= (rate / k) * scores[n]! * bank.values[entries[n]! * dim + i]!
    rows[query] = unitOr(moved, rows[query]!)
  }
  return rows
}

/** rownorm(one / 2 + other / 2), as vectors. */
export const between = (one: Float64Array[], other: Float64Array[], dim: number): Vectors => {
  const values = new Float32Array(one.length * dim)
  one.forEach((row, at) =>
    values.set(
      unitOr(
        row.map((x, i) => (x + other[at]![i]!) / 2),
        row,
      ),
      at * dim,
    ),
  )
  return { count: one.length, dim, values }
}

const rowsOf = ({ count, dim, values }: Vectors): Float64Array[] =>
  Array.from({ length: count }, (_, row) =>
    Float64Array.from(values.subarray(row * dim, (row + 1) * dim)),
  )

/** What has no direction left stays where it was. */
const unitOr = (vector: Float64Array, before: Float64Array): Float64Array =>
  normalise(vector) ? vector : before
