import type { ColumnChunk, SchemaElement } from 'hyparquet'
import type { ParquetWriter, Writer } from 'hyparquet-writer'
import { writeColumn } from 'hyparquet-writer/src/column.js'
import { isNull, type Cells } from '../../stream/arrow/cells.js'
import { bit } from '../../stream/arrow/bits.js'
import type { ColumnType } from '../../stream/column-type.js'
import { decodeHalves } from '../../stream/float16.js'
import { viewAs } from '../../stream/number-format.js'

/** Writes one row group of a column with one value a row: dictionaries, statistics, Snappy. */
export const writeFlatChunk = (
  writer: Writer,
  column: Cells,
  type: ColumnType,
  element: SchemaElement,
  compressors: ParquetWriter['compressors'],
): ColumnChunk => {
  const values = valuesOf(column, type)
  const optional = element.repetition_type === 'OPTIONAL'
  return writeColumn({
    writer,
    column: {
      columnName: element.name,
      element,
      schemaPath: [{ name: 'root' }, element],
      codec: 'SNAPPY',
      compressors,
      stats: true,
      pageSize: 1 << 20,
      columnIndex: false,
      offsetIndex: false,
      // A dictionary would take minus zero for zero.
      ...(isFloat(type) ? { encoding: 'PLAIN' } : {}),
    },
    pageData: {
      values,
      definitionLevels: optional ? values.map(value => (value === null ? 0 : 1)) : [],
      repetitionLevels: [],
      maxDefinitionLevel: Number(optional),
    },
  }).chunk
}

const isFloat = (type: ColumnType): boolean =>
  type.is === 'number' && type.format.startsWith('float')

type Value = string | number | bigint | boolean | Uint8Array | null

/** As the writer takes them. */
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
