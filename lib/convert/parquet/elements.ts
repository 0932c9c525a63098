import type { SchemaElement } from 'hyparquet'
import { badData } from '../../error.js'
import type { ColumnInfo } from '../../stream/columns.js'
import { typeText, type ColumnType } from '../../stream/column-type.js'
import type { NumberFormat } from '../../stream/number-format.js'

/**
 * The schema of a column: lists of any or of one length are the LIST of the format, three levels
 * deep, which every reader knows. Throws badData for what it is not used for.
 */
export const elementsOf = ({ name, type, nullable }: ColumnInfo): SchemaElement[] => {
  const found = nested(name, type, nullable)
  if (found) return found
  throw badData(
    `column '${name}' is ${typeText(type)}, which parquet is not written for`,
    'choose what to write with --modality and --column, or write arrow',
  )
}

const nested = (name: string, type: ColumnType, nullable: boolean): SchemaElement[] | undefined => {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED'
  if (type.is === 'list' || type.is === 'vector') {
    const inside = isListItem(type.item) ? nested('element', type.item, false) : undefined
    return (
      inside && [
        {
          name,
          repetition_type,
          num_children: 1,
          converted_type: 'LIST',
          logical_type: { type: 'LIST' },
        },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...inside,
      ]
    )
  }
  const leaf = leafOf(type)
  return leaf && [{ name, repetition_type, ...leaf }]
}

/** Items that lie in memory as they do in a page. */
const isListItem = (type: ColumnType): boolean =>
  type.is === 'list' ||
  type.is === 'vector' ||
  type.is === 'text' ||
  (type.is === 'number' && !/int(8|16)$/.test(type.format))

const leafOf = (type: ColumnType): Omit<SchemaElement, 'name'> | undefined => {
  switch (type.is) {
    case 'boolean':
      return { type: 'BOOLEAN' }
    case 'text':
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }
    case 'binary':
      return { type: 'BYTE_ARRAY' }
    case 'date':
      return { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }
    case 'timestamp': {
      const units = { millisecond: 'MILLIS', microsecond: 'MICROS', nanosecond: 'NANOS' } as const
      // The format has no seconds.
      if (type.unit === 'second') return undefined
      const unit = units[type.unit]
      return { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: type.utc, unit } }
    }
    case 'number':
      return numberLeaf(type.format)
    default:
      return undefined
  }
}

const numberLeaf = (format: NumberFormat): Omit<SchemaElement, 'name'> => {
  switch (format) {
    case 'float16':
      return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, logical_type: { type: 'FLOAT16' } }
    case 'float32':
      return { type: 'FLOAT' }
    case 'float64':
      return { type: 'DOUBLE' }
    case 'int32':
      return { type: 'INT32' }
    case 'int64':
      return { type: 'INT64' }
    default: {
      const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(format)!
      const isSigned = unsigned === ''
      return {
        type: bits === '64' ? 'INT64' : 'INT32',
        converted_type: `${isSigned ? '' : 'U'}INT_${bits}` as SchemaElement['converted_type'],
        logical_type: {
          type: 'INTEGER',
          bitWidth: Number(bits),
          isSigned,
        } as SchemaElement['logical_type'],
      }
    }
  }
}
