import type { ModalityColumn } from '../stream/types.js'
import { dimension, type Enriched } from './enrich.js'
import { normalise, rowUnit } from './unit.js'

/**
 * The elementwise product of several modalities of the same item: with it as the query, the inner
 * product with an entry z is the multilinear one that symile trains, sum_k x_k y_k z_k (Saporta et
 * al. 2024; METHODS 3.3). Scaled to norm 1, which changes no query's ranks. A row that lacks one of
 * the columns is absent. All have the same dimension and `rows` rows.
 */
export const multiply = (columns: readonly ModalityColumn[], rows: number): Enriched => {
  const dim = dimension(columns)
  const values = new Float32Array(rows * dim)
  const present = new Uint8Array(rows)
  const unit = new Float64Array(dim)
  const product = new Float64Array(dim)
  let complete = 0
  let opposed = 0
  for (let row = 0; row < rows; row++) {
    const states = columns.map((column, at) => {
      const state = rowUnit(column, row, unit)
      if (state === 'absent') return state
      if (at === 0) product.set(unit)
      // Factors are about 1/sqrt(dim): scaled back, products of many stay away from zero.
      else for (let i = 0; i < dim; i++) product[i]! *= unit[i]! * Math.sqrt(dim)
      return state
    })
    if (states.includes('absent')) continue
    present[row] = 1
    complete++
    const sound = normalise(product)
    if (!sound) rowUnit(columns[0]!, row, product)
    values.set(product, row * dim)
    if (!sound || states.includes('opposed')) opposed++
  }
  return { column: { layout: 'vector', dim, values, present }, complete, opposed }
}
