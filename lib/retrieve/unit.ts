import type { ModalityColumn } from '../stream/types.js'

/** Sums of unit vectors below this norm have no direction worth the name (METHODS 1.5). */
const OPPOSED = 1e-6

/** Scales to norm 1 in place. Returns false, and leaves the vector alone, where its norm is below 1e-6. */
export const normalise = (vector: Float64Array): boolean => {
  let squares = 0
  for (const x of vector) squares += x * x
  const norm = Math.sqrt(squares)
  if (norm < OPPOSED) return false
  for (let i = 0; i < vector.length; i++) vector[i]! /= norm
  return true
}

/**
 * Writes the one unit vector that a row has in a column of embeddings: the vector itself, or
 * rownorm(mean of its views); the first view where the views cancel out. `absent` rows leave `out`
 * alone.
 */
export const rowUnit = (
  column: ModalityColumn,
  row: number,
  out: Float64Array,
): 'absent' | 'sound' | 'opposed' => {
  if (!column.present[row]) return 'absent'
  if (column.layout === 'vector') {
    load(column.values, row, out)
    return 'sound'
  }
  if (column.layout !== 'views') throw new Error(`embeddings of layout ${column.layout}`)
  const first = column.offsets[row]!
  const views = column.offsets[row + 1]! - first
  if (views === 0) return 'absent'
  out.fill(0)
  for (let view = 0; view < views; view++) add(column.values, first + view, out)
  if (normalise(out)) return 'sound'
  load(column.values, first, out)
  return 'opposed'
}

const load = (values: Float32Array, index: number, out: Float64Array): void => {
  const from = index * out.length
  for (let i = 0; i < out.length; i++) out[i] = values[from + i]!
}

const add = (values: Float32Array, index: number, out: Float64Array): void => {
  const from = index * out.length
  for (let i = 0; i < out.length; i++) out[i]! += values[from + i]!
}
