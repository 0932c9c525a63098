/**
 * Checks that the metadata of an Arrow message is a sound flatbuffer before a decoder follows its
 * offsets: every table, vector and string inside the buffer, texts UTF-8, nesting and size bounded.
 * The decoder believes vector lengths, so a single flipped bit could otherwise cost gigabytes.
 * Layouts: Message.fbs and Schema.fbs of the Arrow format.
 */

import { isUtf8 } from 'node:buffer'

type Entry =
  | { is: 'scalar'; bytes: number }
  | { is: 'text' }
  | { is: 'table'; of: () => Table }
  | { is: 'tables'; of: () => Table }
  | { is: 'structs'; bytes: number }
  /** A table whose kind is told by the entry before it. */
  | { is: 'union'; of: () => Record<number, Table> }

type Table = readonly Entry[]

const scalar = (bytes: number): Entry => ({ is: 'scalar', bytes })
const structs = (bytes: number): Entry => ({ is: 'structs', bytes })
const text: Entry = { is: 'text' }
const table = (of: () => Table): Entry => ({ is: 'table', of })
const tables = (of: () => Table): Entry => ({ is: 'tables', of })
const union = (of: () => Record<number, Table>): Entry => ({ is: 'union', of })

const KEY_VALUE: Table = [text, text]
const INT: Table = [scalar(4), scalar(1)]
const TYPES: Record<number, Table> = {
  1: [],
  2: INT,
  3: [scalar(2)],
  4: [],
  5: [],
  6: [],
  7: [scalar(4), scalar(4), scalar(4)],
  8: [scalar(2)],
  9: [scalar(2), scalar(4)],
  10: [scalar(2), text],
  11: [scalar(2)],
  12: [],
  13: [],
  14: [scalar(2), structs(4)],
  15: [scalar(4)],
  16: [scalar(4)],
  17: [scalar(1)],
  18: [scalar(2)],
  19: [],
  20: [],
  21: [],
  22: [],
  23: [],
  24: [],
  25: [],
  26: [],
}
const DICTIONARY_ENCODING: Table = [scalar(8), table(() => INT), scalar(1), scalar(2)]
const FIELD: Table = [
  text,
  scalar(1),
  scalar(1),
  union(() => TYPES),
  table(() => DICTIONARY_ENCODING),
  tables(() => FIELD),
  tables(() => KEY_VALUE),
]
const SCHEMA: Table = [scalar(2), tables(() => FIELD), tables(() => KEY_VALUE), structs(8)]
const COMPRESSION: Table = [scalar(1), scalar(1)]
const RECORD_BATCH: Table = [
  scalar(8),
  structs(16),
  structs(16),
  table(() => COMPRESSION),
  structs(8),
]
const DICTIONARY_BATCH: Table = [scalar(8), table(() => RECORD_BATCH), scalar(1)]
const HEADERS: Record<number, Table> = { 1: SCHEMA, 2: DICTIONARY_BATCH, 3: RECORD_BATCH }
const MESSAGE: Table = [
  scalar(2),
  scalar(1),
  union(() => HEADERS),
  scalar(8),
  tables(() => KEY_VALUE),
]

const DEEPEST = 64

/** Throws a plain Error that says what is wrong, for the caller to put into words. */
export const verifyMessage = (bytes: Uint8Array): void => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Tables are not shared in what any encoder writes, so there is room for so many and no more.
  let budget = bytes.byteLength >> 2

  const need = (at: number, size: number) => {
    if (at < 0 || size < 0 || at + size > bytes.byteLength)
      throw new Error('an offset leads outside')
  }
  const u16 = (at: number) => (need(at, 2), view.getUint16(at, true))
  const i32 = (at: number) => (need(at, 4), view.getInt32(at, true))
  /** Follows an unsigned forward offset. */
  const follow = (at: number) => (need(at, 4), at + view.getUint32(at, true))

  const vector = (at: number, bytesEach: number): { start: number; count: number } => {
    const count = i32(at)
    need(at + 4, count * bytesEach)
    return { start: at + 4, count }
  }

  const checkTable = (at: number, entries: Table, depth: number): void => {
    if (depth > DEEPEST || --budget < 0) throw new Error('tables nest too deeply')
    const vtable = at - i32(at)
    const vtableSize = u16(vtable)
    const tableSize = u16(vtable + 2)
    need(vtable, vtableSize)
    need(at, tableSize)
    entries.forEach((entry, i) => {
      const place = 4 + 2 * i
      const offset = place + 2 <= vtableSize ? u16(vtable + place) : 0
      if (offset === 0) return
      if (offset + (entry.is === 'scalar' ? entry.bytes : 4) > tableSize)
        throw new Error('an entry lies outside of its table')
      const tagOffset = entry.is === 'union' ? u16(vtable + place - 2) : 0
      checkEntry(at + offset, entry, depth, tagOffset === 0 ? 0 : bytes[at + tagOffset]!)
    })
  }

  const checkEntry = (at: number, entry: Entry, depth: number, tag: number): void => {
    switch (entry.is) {
      case 'scalar':
        return
      case 'text': {
        const { start, count } = vector(follow(at), 1)
        if (!isUtf8(bytes.subarray(start, start + count))) throw new Error('a text is not UTF-8')
        return
      }
      case 'structs':
        vector(follow(at), entry.bytes)
        return
      case 'table':
        return checkTable(follow(at), entry.of(), depth + 1)
      case 'tables': {
        const { start, count } = vector(follow(at), 4)
        for (let i = 0; i < count; i++) checkTable(follow(start + 4 * i), entry.of(), depth + 1)
        return
      }
      case 'union': {
        const kind = entry.of()[tag]
        if (kind === undefined) throw new Error(`unknown kind ${tag} of header or type`)
        return checkTable(follow(at), kind, depth + 1)
      }
    }
  }

  checkTable(follow(0), MESSAGE, 0)
}
