import { toUSVString } from 'node:util'
import { bytesOf, type Cells, cells, nullsOf } from './arrow/cells.js'
import { packBits } from './arrow/bits.js'
import { encodeHalves } from './float16.js'
import { NUMBER_FORMATS, type NumberFormat } from './number-format.js'
import type { OtherColumn, OtherField } from './types.js'

/**
 * A column that is no modality, as Arrow cells: texts as UTF-8, booleans as bits, numbers in
 * `format`. A value that the field cannot hold is a mistake of the caller, hence a plain Error.
 */
export const encodeOther = (
  { values }: OtherColumn,
  field: OtherField,
  format: NumberFormat | undefined,
): Cells => {
  const present = Uint8Array.from(values, value => (value === null ? 0 : 1))
  const nulls = nullsOf(present)
  if (nulls.nulls > 0 && !field.nullable) throw mismatch(field, null)
  const column = encodeValues(values, field, format)
  return { ...column, ...nulls }
}

type Values = OtherColumn['values']

const encodeValues = (
  values: Values,
  field: OtherField,
  format: NumberFormat | undefined,
): Cells => {
  switch (field.type) {
    case 'text':
      return encodeTexts(values.map(value => textOf(value, field)))
    case 'boolean': {
      const bits = packBits(values.map(value => +booleanOf(value, field)))
      return cells({ kind: 'bits' }, values.length, { data: bits })
    }
    case 'integer':
    case 'real':
      return encodeNumbers(values, field, format ?? (field.type === 'real' ? 'float64' : 'int64'))
    case 'opaque':
      throw new Error(`column '${field.name}' can only be copied`)
  }
}

/** A text column without its nulls: what is missing has no bytes. */
export const encodeTexts = (texts: readonly string[]): Cells => {
  const offsets = new Int32Array(texts.length + 1)
  let end = 0
  for (let i = 0; i < texts.length; i++) {
    end += Buffer.byteLength(texts[i]!)
    offsets[i + 1] = end
  }
  const data = Buffer.from(texts.join(''))
  return cells({ kind: 'bytes', utf8: true }, texts.length, { offsets, data })
}

const encodeNumbers = (values: Values, field: OtherField, format: NumberFormat): Cells => {
  const numbers = values.map(value => numberOf(value, field))
  const data = bytesOf(toArray(numbers, field, format))
  const { BYTES_PER_ELEMENT: bytes } = NUMBER_FORMATS[format]
  return cells({ kind: 'fixed', bytes }, values.length, { data })
}

const toArray = (
  numbers: readonly (number | bigint)[],
  field: OtherField,
  format: NumberFormat,
): ArrayBufferView => {
  if (format === 'float16') return encodeHalves(Float32Array.from(numbers, Number))
  const array =
    format === 'int64' || format === 'uint64'
      ? NUMBER_FORMATS[format].from(numbers.map(BigInt))
      : NUMBER_FORMATS[format].from(numbers.map(Number))
  if (field.type === 'integer') {
    const lost = numbers.findIndex((number, i) => BigInt(array[i]!) !== BigInt(number))
    if (lost >= 0) throw mismatch(field, numbers[lost]!)
  }
  return array
}

const textOf = (value: Values[number], field: OtherField): string => {
  if (value === null) return ''
  if (typeof value !== 'string') throw mismatch(field, value)
  // A lone surrogate has no UTF-8; U+FFFD stands for it, in the length as in the bytes.
  return toUSVString(value)
}

const booleanOf = (value: Values[number], field: OtherField): boolean => {
  if (value === null) return false
  if (typeof value !== 'boolean') throw mismatch(field, value)
  return value
}

const numberOf = (value: Values[number], field: OtherField): number | bigint => {
  if (value === null) return 0
  const fits = typeof value === 'bigint' || (typeof value === 'number' && !isPart(value, field))
  if (!fits) throw mismatch(field, value)
  return value
}

const isPart = (value: number, field: OtherField): boolean =>
  field.type === 'integer' && !Number.isInteger(value)

const mismatch = (field: OtherField, value: unknown) =>
  new Error(
    `column '${field.name}' is ${field.type}${field.nullable ? '' : ', never null'}: ${value}`,
  )
