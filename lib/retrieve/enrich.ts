import type { ModalityColumn, VectorColumn } from '../stream/types.js'
import { normalise, rowUnit } from './unit.js'

/** One modality of a combination: unit vectors, or views of unit vectors, and its weight (> 0). */
export interface EnrichPart {
  column: ModalityColumn
  weight: number
}

export interface Enriched {
  /** A unit vector for every row that has at least one of the parts. */
  column: VectorColumn
  /** Rows that have every part. */
  complete: number
  /** Rows whose parts, or the views of a part, cancel out (norm below 1e-6): the first one stands. */
  opposed: number
}

/**
 * An embedding combined from several modalities of the same item (METHODS 1.5):
 * e = rownorm(sum of weight * u), where u is the modality's unit vector, or the unit mean of its
 * views. A row that lacks some of the parts is combined from those it has; one that has none is
 * absent. All parts have the same dimension and `rows` rows.
 */
export const enrich = (parts: readonly EnrichPart[], rows: number): Enriched => {
  const dim = dimension(parts.map(({ column }) => column))
  const values = new Float32Array(rows * dim)
  const present = new Uint8Array(rows)
  const unit = new Float64Array(dim)
  const sum = new Float64Array(dim)
  const first = new Float64Array(dim)
  let complete = 0
  let opposed = 0
  for (let row = 0; row < rows; row++) {
    let had = 0
    let cancelled = false
    for (const { column, weight } of parts) {
      const state = rowUnit(column, row, unit)
      if (state === 'absent') continue
      if (state === 'opposed') cancelled = true
      if (had++ === 0) {
        sum.fill(0)
        first.set(unit)
      }
      for (let i = 0; i < dim; i++) sum[i]! += weight * unit[i]!
    }
    if (had === 0) continue
    present[row] = 1
    if (had === parts.length) complete++
    const sound = normalise(sum)
    values.set(sound ? sum : first, row * dim)
    if (!sound || cancelled) opposed++
  }
  return { column: { layout: 'vector', dim, values, present }, complete, opposed }
}

/** The dimension that all the columns have. */
export const dimension = (columns: readonly ModalityColumn[]): number => {
  const dims = new Set(columns.map(column => ('dim' in column ? column.dim : 0)))
  if (dims.size !== 1) throw new Error(`parts of dimensions ${[...dims].join(', ')}`)
  return [...dims][0]!
}
