import { DateUnit, TimeUnit, Type } from 'apache-arrow/enum'
import type { DataType, Date_, FixedSizeList, Timestamp } from 'apache-arrow/type'
import type { ColumnType } from '../column-type.js'
import { formatOf } from './number-type.js'

/** An Arrow type, as it is after loading (wire.ts: plainType), in plain words. */
export const columnTypeOf = (type: DataType): ColumnType => {
  const format = formatOf(type)
  if (format) return { is: 'number', format }
  switch (type.typeId as Type) {
    case Type.Utf8:
      return { is: 'text' }
    case Type.Binary:
      return { is: 'binary' }
    case Type.Bool:
      return { is: 'boolean' }
    case Type.Date:
      return (type as Date_).unit === DateUnit.DAY ? { is: 'date' } : other(type)
    case Type.Timestamp: {
      const { unit, timezone } = type as Timestamp
      return { is: 'timestamp', unit: UNITS[unit], utc: Boolean(timezone) }
    }
    case Type.List:
      return { is: 'list', item: columnTypeOf(type.children[0]!.type) }
    case Type.FixedSizeList: {
      const { listSize: size, children } = type as FixedSizeList
      return { is: 'vector', size, item: columnTypeOf(children[0]!.type) }
    }
    default:
      return other(type)
  }
}

const UNITS = {
  [TimeUnit.SECOND]: 'second',
  [TimeUnit.MILLISECOND]: 'millisecond',
  [TimeUnit.MICROSECOND]: 'microsecond',
  [TimeUnit.NANOSECOND]: 'nanosecond',
} as const

const other = (type: DataType): ColumnType => ({ is: 'other', name: String(type) })
