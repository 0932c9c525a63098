import { bit } from './arrow/bits.js'
import { type Cells, isNull } from './arrow/cells.js'
import { decodeHalves } from './float16.js'
import { type NumberFormat, viewAs } from './number-format.js'
import type { OtherColumn, OtherField } from './types.js'

/**
 * The values of a column that is no modality, one JavaScript value a row. Integers that a number
 * cannot hold exactly are bigints. An opaque column cannot be decoded, only copied.
 */
export const decodeOther = (
  column: Cells,
  field: OtherField,
  format: NumberFormat | undefined,
): OtherColumn => {
  const read = reader(column, field, format)
  const values = Array.from({ length: column.length }, (_, row) =>
    isNull(column, row) ? null : read(row),
  )
  return { layout: 'other', values }
}

type Read = (row: number) => string | number | bigint | boolean

const reader = (column: Cells, field: OtherField, format: NumberFormat | undefined): Read => {
  if (field.type === 'text') return textReader(column)
  if (field.type === 'boolean') return row => bit(column.data, row)
  if (field.type === 'opaque' || format === undefined)
    throw new Error(`column '${field.name}' cannot be decoded, only copied`)
  if (format === 'int64' || format === 'uint64') {
    const values = viewAs(format, column.data)
    return row => exact(values[row]!)
  }
  if (format === 'float16') {
    const values = decodeHalves(viewAs(format, column.data))
    return row => values[row]!
  }
  const values = viewAs(format, column.data)
  return row => values[row]!
}

/** The text of a slot. In pure ASCII bytes are characters, so all is decoded once and cut. */
export const textReader = ({ data, offsets }: Cells): ((slot: number) => string) => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const all = bytes.toString('utf8')
  if (all.length === bytes.length) return row => all.slice(offsets[row]!, offsets[row + 1]!)
  return row => bytes.toString('utf8', offsets[row]!, offsets[row + 1]!)
}

const exact = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value
