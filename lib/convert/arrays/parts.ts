import { badData } from '../../error.js'
import type { Cells } from '../../stream/arrow/cells.js'
import { unpackBits } from '../../stream/arrow/bits.js'
import type { ColumnInfo } from '../../stream/columns.js'
import { typeText, type ColumnType } from '../../stream/column-type.js'
import type { NumberFormat } from '../../stream/number-format.js'

/**
 * A column as arrays. A vector is rows x dim; tokens and views are all of their vectors end to end,
 * with NAME.offsets (rows + 1) that say where a row's begin, and for views of tokens
 * NAME.item.offsets for the views; NAME.present says which rows have a value, where some have none.
 */
export interface ArrayPart {
  name: string
  type: PartType
  /** Numbers of one slot, for vectors: the array is slots x dim. */
  dim?: number
  /** `offsets` begin with a 0 that no batch holds. */
  role: 'values' | 'offsets' | 'present'
  /** What a batch of the column adds: for offsets, relative to the ones before. */
  take(column: Cells): PartData
}

export type PartType = NumberFormat | 'boolean' | 'text'

/** Numbers as bytes; texts as their bytes with offsets. */
export interface PartData {
  slots: number
  bytes: Uint8Array
  offsets?: Int32Array
  /** How many slots of `present` are 0. */
  nulls?: number
}

export const shapeOf = ({ dim }: ArrayPart, slots: number): number[] =>
  dim === undefined ? [slots] : [slots, dim]

/** Throws badData for a column that no arrays can stand for. */
export const partsOf = ({ name, type, nullable }: ColumnInfo, format: string): ArrayPart[] => {
  const parts = valueParts(name, type, column => column)
  if (!parts)
    throw badData(
      `column '${name}' is ${typeText(type)}, which ${format} cannot hold`,
      'choose what to write with --modality and --column, or write arrow or parquet',
    )
  // A list that is not there is one without items.
  return nullable && type.is !== 'list' ? [...parts, presentPart(name)] : parts
}

type Within = (column: Cells) => Cells

const valueParts = (name: string, type: ColumnType, within: Within): ArrayPart[] | undefined => {
  switch (type.is) {
    case 'number':
      return [numbers(name, type.format, within)]
    case 'date':
      return [numbers(name, 'int32', within)]
    case 'timestamp':
      return [numbers(name, 'int64', within)]
    case 'boolean':
      return [booleans(name, within)]
    case 'text':
      return [texts(name, within)]
    case 'vector':
      return type.item.is === 'number'
        ? [numbers(name, type.item.format, column => within(column).children[0]!, type.size)]
        : undefined
    case 'list': {
      const inner = type.item.is === 'list' ? `${name}.item` : name
      const items = valueParts(inner, type.item, column => within(column).children[0]!)
      const named = items?.map(part => (part.role === 'values' ? { ...part, name } : part))
      return named && [...named, offsets(name, within)]
    }
    default:
      return undefined
  }
}

const numbers = (name: string, type: NumberFormat, within: Within, dim?: number): ArrayPart => ({
  name,
  type,
  dim,
  role: 'values',
  take: column => {
    const { data, length } = within(column)
    return { slots: length / (dim ?? 1), bytes: data }
  },
})

const booleans = (name: string, within: Within): ArrayPart => ({
  name,
  type: 'boolean',
  role: 'values',
  take: column => {
    const { data, length } = within(column)
    return { slots: length, bytes: unpackBits(data, length) }
  },
})

const texts = (name: string, within: Within): ArrayPart => ({
  name,
  type: 'text',
  role: 'values',
  take: column => {
    const { data, length, offsets } = within(column)
    return { slots: length, bytes: data, offsets }
  },
})

const offsets = (name: string, within: Within): ArrayPart => ({
  name: `${name}.offsets`,
  type: 'int64',
  role: 'offsets',
  take: column => {
    const { length, offsets } = within(column)
    return { slots: length, bytes: new Uint8Array(0), offsets }
  },
})

const presentPart = (name: string): ArrayPart => ({
  name: `${name}.present`,
  type: 'boolean',
  role: 'present',
  take: ({ length, validity, nulls }) => ({
    slots: length,
    bytes: unpackBits(validity, length),
    nulls,
  }),
})
