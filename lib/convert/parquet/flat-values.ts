import type { ColumnSource } from 'hyparquet-writer'
import { bit } from '../../stream/arrow/bits.js'
import { isNull, type Cells } from '../../stream/arrow/cells.js'
import type { ColumnType } from '../../stream/column-type.js'
import { decodeHalves } from '../../stream/float16.js'
import { viewAs } from '../../stream/number-format.js'

/** A column with one value a row as the writer takes it. */
export const flatSource = (name: string, column: Cells, type: ColumnType): ColumnSource => ({
  name,
  data: valuesOf(column, type),
  offsetIndex: false,
  // A dictionary would take minus zero for zero.
  ...(isFloat(type) ? { encoding: 'PLAIN' as const } : {}),
})

const isFloat = (type: ColumnType): boolean =>
  type.is === 'number' && type.format.startsWith('float')

type Value = string | number | bigint | boolean | Uint8Array | null

const valuesOf = (column: Cells, type: ColumnType): Value[] => {
  const read = reader(column, type)
  return Array.from({ length: column.length }, (_, row) => (isNull(column, row) ? null : read(row)))
}

const reader = ({ data, offsets }: Cells, type: ColumnType): ((row: number) => Value) => {
  switch (type.is) {
    case 'boolean':
      return row => bit(data, row)
    case 'text': {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      return row => bytes.toString('utf8', offsets[row]!, offsets[row + 1]!)
    }
    case 'binary':
      return row => data.subarray(offsets[row]!, offsets[row + 1]!)
    case 'number': {
      const numbers =
        type.format === 'float16'
          ? decodeHalves(viewAs('float16', data))
          : viewAs(type.format, data)
      return row => numbers[row]!
    }
    default: {
      const numbers = viewAs(type.is === 'date' ? 'int32' : 'int64', data)
      return row => numbers[row]!
    }
  }
}
