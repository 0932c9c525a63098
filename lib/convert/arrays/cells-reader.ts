import { badData } from '../../error.js'
import { packBits } from '../../stream/arrow/bits.js'
import { cells, nullsOf, type Cells, type Form } from '../../stream/arrow/cells.js'
import { checkText } from '../../stream/arrow/load.js'
import type { ColumnInfo } from '../../stream/columns.js'
import { typeText, type ColumnType } from '../../stream/column-type.js'
import { encodeTexts } from '../../stream/encode-other.js'
import { NUMBER_FORMATS, viewAs } from '../../stream/number-format.js'
import { decodeUtf32 } from '../../formats/npy.js'
import type { PartType } from './parts.js'
import type { StoredArray, StoredArrays } from './stored.js'

/** Reads slots of one column back from its arrays (parts.ts). */
export interface CellsReader {
  slots: number
  read(first: number, count: number): Promise<Cells>
}

/** Throws badData where the arrays are not what the schema says. */
export const cellsReader = (stored: StoredArrays, column: ColumnInfo): CellsReader => {
  const reader = valuesReader(stored, column.name, column.name, column.type)
  const present = stored.arrays.get(`${column.name}.present`)
  if (!column.nullable || column.type.is === 'list' || !present) return reader
  check(present, 'boolean', [reader.slots])
  return {
    slots: reader.slots,
    read: async (first, count) => ({
      ...(await reader.read(first, count)),
      ...nullsOf(await present.read(first, count)),
    }),
  }
}

const valuesReader = (
  stored: StoredArrays,
  name: string,
  within: string,
  type: ColumnType,
): CellsReader => {
  switch (type.is) {
    case 'list':
      return listReader(stored, name, within, type.item)
    case 'vector': {
      if (type.item.is !== 'number') break
      const { format } = type.item
      const array = arrayOf(stored, name)
      check(array, format, [array.shape[0]!, type.size])
      return vectorReader(array, type.size, NUMBER_FORMATS[format].BYTES_PER_ELEMENT)
    }
    case 'text':
      return textReader(stored, name)
    case 'boolean': {
      const array = oneColumn(stored, name, 'boolean')
      return {
        slots: array.shape[0]!,
        read: async (first, count) =>
          cells({ kind: 'bits' }, count, { data: packBits(await array.read(first, count)) }),
      }
    }
    case 'number':
      return numberReader(oneColumn(stored, name, type.format), type.format)
    case 'date':
      return numberReader(oneColumn(stored, name, 'int32'), 'int32')
    case 'timestamp':
      return numberReader(oneColumn(stored, name, 'int64'), 'int64')
  }
  throw badData(`${stored.name}: column '${name}' is ${typeText(type)}, which it cannot hold`)
}

const numberReader = (array: StoredArray, format: keyof typeof NUMBER_FORMATS): CellsReader => {
  const form: Form = { kind: 'fixed', bytes: NUMBER_FORMATS[format].BYTES_PER_ELEMENT }
  return {
    slots: array.shape[0]!,
    read: async (first, count) => cells(form, count, { data: await array.read(first, count) }),
  }
}

const vectorReader = (array: StoredArray, size: number, bytes: number): CellsReader => {
  const child: Form = { kind: 'fixed', bytes }
  return {
    slots: array.shape[0]!,
    read: async (first, count) => {
      const data = await array.read(first, count)
      const children = [cells(child, count * size, { data })]
      return cells({ kind: 'fixed-list', size, child }, count, { children })
    },
  }
}

const listReader = (
  stored: StoredArrays,
  name: string,
  within: string,
  itemType: ColumnType,
): CellsReader => {
  const offsets = oneColumn(stored, `${within}.offsets`, 'int64')
  const items = valuesReader(stored, name, `${within}.item`, itemType)
  const slots = offsets.shape[0]! - 1
  if (slots < 0) throw badData(`${offsets.name}: is empty`)
  return {
    slots,
    async read(first, count) {
      const span = await readSpan(offsets, first, count, items.slots)
      const child = await items.read(span.start, span.offsets.at(-1)!)
      const present = Uint8Array.from({ length: count }, (_, slot) =>
        Number(span.offsets[slot + 1]! > span.offsets[slot]!),
      )
      return cells({ kind: 'list', child: child.form }, count, {
        ...nullsOf(present),
        offsets: span.offsets,
        children: [child],
      })
    },
  }
}

const textReader = (stored: StoredArrays, name: string): CellsReader => {
  const array = arrayOf(stored, name)
  const { textBytes } = array
  if (array.type === 'text' && textBytes !== undefined) {
    check(array, 'text', [array.shape[0]!])
    return {
      slots: array.shape[0]!,
      read: async (first, count) => {
        const bytes = await array.read(first, count)
        const texts = Array.from({ length: count }, (_, i) =>
          decodeUtf32(bytes.subarray(i * textBytes, (i + 1) * textBytes), false, array.name),
        )
        return encodeTexts(texts)
      },
    }
  }
  check(array, 'uint8', [array.shape[0]!])
  const offsets = oneColumn(stored, `${name}.offsets`, 'int64')
  return {
    slots: offsets.shape[0]! - 1,
    read: async (first, count) => {
      const span = await readSpan(offsets, first, count, array.shape[0]!)
      const data = await array.read(span.start, span.offsets.at(-1)!)
      checkText(data, span.offsets, slot => `${array.name}: row ${first + slot}`)
      return cells({ kind: 'bytes', utf8: true }, count, { offsets: span.offsets, data })
    },
  }
}

/** `count` + 1 offsets from the first on, from 0, and where the first one lies in the whole. */
const readSpan = async (
  array: StoredArray,
  first: number,
  count: number,
  end: number,
): Promise<{ start: number; offsets: Int32Array }> => {
  const raw = viewAs('int64', await array.read(first, count + 1))
  const start = raw[0]!
  const sound =
    start >= 0n &&
    raw.every((offset, i) => i === 0 || offset >= raw[i - 1]!) &&
    raw.at(-1)! <= BigInt(end) &&
    raw.at(-1)! - start <= 0x7fffffffn
  if (!sound) throw badData(`${array.name}: row ${first} and on: offsets that fall or lead outside`)
  return { start: Number(start), offsets: Int32Array.from(raw, offset => Number(offset - start)) }
}

const arrayOf = ({ name, arrays }: StoredArrays, wanted: string): StoredArray => {
  const found = arrays.get(wanted)
  if (found) return found
  throw badData(`${name}: no array '${wanted}', which its own schema names`)
}

const oneColumn = (stored: StoredArrays, name: string, type: PartType): StoredArray => {
  const array = arrayOf(stored, name)
  check(array, type, [array.shape[0]!])
  return array
}

const check = (array: StoredArray, type: PartType, shape: readonly number[]): void => {
  if (array.type === type && JSON.stringify(array.shape) === JSON.stringify(shape)) return
  throw badData(
    `${array.name}: found ${array.type} (${array.shape}), expected ${type} (${shape}) by its own schema`,
  )
}
