import { badData } from '../error.js'
import { bit } from './arrow/bits.js'
import { isNull, type Cells } from './arrow/cells.js'
import { typeText, type ColumnType, type TimeUnit } from './column-type.js'
import { decodeHalves } from './float16.js'
import { viewAs } from './number-format.js'

/** A value as JSON has them. */
export type PlainValue = null | string | number | boolean | readonly PlainValue[]

/** Reads the value of a slot. */
export type ReadValue = (slot: number) => PlainValue

/**
 * Values of a column of any readable type: numbers, texts, booleans, lists of these; days and
 * instants as text (ISO 8601). Throws badData for other types, and for integers beyond 2^53, which
 * would be rounded.
 */
export const valueReader = (column: Cells, type: ColumnType): ReadValue => {
  const read = presentReader(column, type)
  return column.nulls === 0 ? read : slot => (isNull(column, slot) ? null : read(slot))
}

const presentReader = (column: Cells, type: ColumnType): ReadValue => {
  const { data, offsets, children } = column
  switch (type.is) {
    case 'text': {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      return slot => bytes.toString('utf8', offsets[slot]!, offsets[slot + 1]!)
    }
    case 'boolean':
      return slot => bit(data, slot)
    case 'number':
      return numberReader(data, type.format)
    case 'date': {
      const days = viewAs('int32', data)
      return slot => dayText(days[slot]!)
    }
    case 'timestamp': {
      const instants = viewAs('int64', data)
      return slot => instantText(instants[slot]!, type.unit, type.utc)
    }
    case 'list': {
      const item = valueReader(children[0]!, type.item)
      return slot => items(item, offsets[slot]!, offsets[slot + 1]!)
    }
    case 'vector': {
      const item = valueReader(children[0]!, type.item)
      return slot => items(item, slot * type.size, (slot + 1) * type.size)
    }
    default:
      throw badData(`is ${typeText(type)}, expected text, numbers, booleans or lists of them`)
  }
}

const items = (read: ReadValue, start: number, end: number): PlainValue[] => {
  const values = new Array<PlainValue>(end - start)
  for (let i = start; i < end; i++) values[i - start] = read(i)
  return values
}

const numberReader = (data: Uint8Array, format: Parameters<typeof viewAs>[0]): ReadValue => {
  if (format === 'float16') {
    const numbers = decodeHalves(viewAs('float16', data))
    return slot => numbers[slot]!
  }
  const numbers = viewAs(format, data)
  if (!(numbers instanceof BigInt64Array) && !(numbers instanceof BigUint64Array))
    return slot => numbers[slot]!
  return slot => {
    const number = Number(numbers[slot]!)
    if (Number.isSafeInteger(number)) return number
    throw badData(`${numbers[slot]} is beyond 2^53 and would be rounded`, 'cast it to text')
  }
}

const dayText = (day: number): string => {
  const date = new Date(day * 86_400_000)
  if (Number.isNaN(date.getTime())) throw badData(`a date ${day} days from 1970`)
  return date.toISOString().slice(0, 10)
}

const PER_SECOND: Record<TimeUnit, bigint> = {
  second: 1n,
  millisecond: 1000n,
  microsecond: 1_000_000n,
  nanosecond: 1_000_000_000n,
}

const instantText = (value: bigint, unit: TimeUnit, utc: boolean): string => {
  const per = PER_SECOND[unit]
  const rest = ((value % per) + per) % per
  const seconds = (value - rest) / per
  const date = new Date(Number(seconds) * 1000)
  if (Number.isNaN(date.getTime())) throw badData(`an instant of ${value} ${unit}s`)
  const fraction = String(rest)
    .padStart(String(per).length - 1, '0')
    .replace(/0+$/, '')
  const text = date.toISOString().slice(0, -5)
  return `${text}${rest === 0n ? '' : `.${fraction}`}${utc ? 'Z' : ''}`
}
