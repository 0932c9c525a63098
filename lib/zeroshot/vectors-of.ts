import { rowUnit } from '../retrieve/unit.js'
import type { Vectors } from '../retrieve/vectors.js'
import type { ModalityColumn } from '../stream/types.js'

/** One unit vector for every row that has some (the unit mean of its views), and which rows those are. */
export const vectorsOf = (column: ModalityColumn): { rows: Int32Array; vectors: Vectors } => {
  if (column.layout !== 'vector' && column.layout !== 'views')
    throw new Error(`embeddings of layout ${column.layout}`)
  const { dim, present } = column
  const values = new Float32Array(present.length * dim)
  const rows = new Int32Array(present.length)
  const unit = new Float64Array(dim)
  let count = 0
  for (let row = 0; row < present.length; row++) {
    if (rowUnit(column, row, unit) === 'absent') continue
    values.set(unit, count * dim)
    rows[count++] = row
  }
  return {
    rows: rows.subarray(0, count),
    vectors: { count, dim, values: values.subarray(0, count * dim) },
  }
}
