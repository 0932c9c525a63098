import { changeAll, InOrder, type Values } from './values.js'
import { rowOffsets, type Vectors } from './vectors.js'

/** Mean and deviation of each number of a feature vector, over training rows (METHODS 1.4). */
export interface Statistics {
  mean: Float32Array
  deviation: Float32Array
}

/** A column that does not vary keeps its scale: below this, deviation counts as 1. */
const SMALLEST_DEVIATION = 1e-8

/** Statistics over all vectors of the given rows; rows without the modality do not count. */
export function statisticsOf(vectors: Vectors<Values>, rows: Int32Array): Statistics {
  const { dim } = vectors
  const mean = new Float64Array(dim)
  const square = new Float64Array(dim)
  const count = forEachVector(vectors, rows, (values, at) => {
    for (let j = 0; j < dim; j++) mean[j]! += values[at + j]!
  })
  for (let j = 0; j < dim; j++) mean[j]! /= Math.max(1, count)
  forEachVector(vectors, rows, (values, at) => {
    for (let j = 0; j < dim; j++) square[j]! += (values[at + j]! - mean[j]!) ** 2
  })
  const deviation = square.map(sum => {
    const deviation = Math.sqrt(sum / Math.max(1, count))
    return deviation < SMALLEST_DEVIATION ? 1 : deviation
  })
  return { mean: Float32Array.from(mean), deviation: Float32Array.from(deviation) }
}

function forEachVector(
  vectors: Vectors<Values>,
  rows: Int32Array,
  visit: (values: Float32Array, at: number) => void,
): number {
  const { values, present, dim } = vectors
  const offsets = rowOffsets(vectors)
  const read = new InOrder(values, dim)
  let count = 0
  for (const r of rows) {
    if (!present[r]) continue
    for (let v = offsets[r]!; v < offsets[r + 1]!; v++) {
      const at = read.seek(v)
      visit(read.numbers, at)
      count++
    }
  }
  return count
}

/**
 * (x - mean) / deviation for every vector, in place. Vectors of absent rows become zeros: the mean
 * of the training rows stands in for what is missing, and carries no weight in any loss.
 */
export function standardise(vectors: Vectors<Values>, { mean, deviation }: Statistics): void {
  const { values, present, dim } = vectors
  const offsets = rowOffsets(vectors)
  let r = 0
  changeAll(values, dim, (numbers, first) => {
    for (let at = 0; at < numbers.length; at += dim) {
      while (offsets[r + 1]! <= first + at / dim) r++
      for (let j = 0; j < dim; j++)
        numbers[at + j] = present[r] ? (numbers[at + j]! - mean[j]!) / deviation[j]! : 0
    }
  })
}
