import { type Cells, isNull } from './arrow/cells.js'
import { gather, runsOf } from './arrow/gather.js'

/**
 * What lies under an absent row is not defined by Arrow; here it is zero. Copies only where it must.
 * @param values (rows x dim), row-major
 */
export const zeroAbsent = (
  values: Float32Array,
  dim: number,
  present: Uint8Array,
): Float32Array => {
  let out = values
  for (let r = 0; r < present.length; r++) {
    if (present[r] || isZero(values, r * dim, (r + 1) * dim)) continue
    if (out === values) out = values.slice()
    out.fill(0, r * dim, (r + 1) * dim)
  }
  return out
}

/** Plus zero only: minus zero has other bytes. */
const isZero = (values: Float32Array, from: number, to: number): boolean => {
  for (let i = from; i < to; i++) if (!Object.is(values[i], 0)) return false
  return true
}

/** A null list may have a content all the same; then the column is rebuilt without it. */
export const withoutAbsent = (column: Cells): Cells => {
  const { length, offsets, nulls } = column
  if (nulls === 0) return column
  const rows = Int32Array.from({ length }, (_, r) => (isNull(column, r) ? -1 : r))
  const clean = rows.every((row, r) => row >= 0 || offsets[r + 1] === offsets[r])
  return clean ? column : gather(column, runsOf(rows))
}
