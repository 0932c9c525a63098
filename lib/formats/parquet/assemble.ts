import { isUtf8 } from 'node:buffer'
import { packBits } from '../../stream/arrow/bits.js'
import { cells, nullsOf, type Cells, type Form } from '../../stream/arrow/cells.js'
import type { ColumnType } from '../../stream/column-type.js'
import { NUMBER_FORMATS } from '../../stream/number-format.js'
import type { Leaf } from './columns.js'
import type { PageValues } from './page-values.js'
import type { Page } from './pages.js'

/**
 * The slots of a column from the levels of its entries (Melnik et al., Dremel, VLDB 2010): an entry
 * that repeats at level r is one more item of the list r; one that is defined less deeply than a
 * list or value needs says which of them is empty or null.
 */
export const assemble = ({ entries, definition, repetition, values }: Page, leaf: Leaf): Cells => {
  const plan = planOf(leaf)
  const lists = plan.lists.length
  if (lists === 0) {
    const present = definition && optionalPresence(definition, plan.most)
    return leafCells(values, leaf.values, present, entries)
  }
  const counts = new Int32Array(lists + 1)
  const starts = plan.lists.map(() => new Int32Array(entries + 1))
  const nulls = plan.lists.map(({ nullable }) => (nullable ? new Uint8Array(entries) : undefined))
  const present = plan.leafNullable ? new Uint8Array(entries) : undefined
  let reached = 0
  for (let i = 0; i < entries; i++) {
    const defined = definition ? definition[i]! : plan.most
    const repeated = repetition![i]!
    if (repeated > reached) throw new Error('an item of a list that has none')
    for (let level = repeated; ; level++) {
      reached = level
      const slot = counts[level]!++
      if (level === lists) {
        if (present) present[slot] = Number(defined === plan.most)
        break
      }
      // A slot of the list `level`: its items, if there are any, begin here.
      const list = plan.lists[level]!
      starts[level]![slot] = counts[level + 1]!
      if (nulls[level]) nulls[level]![slot] = Number(defined >= list.there)
      if (defined < list.filled) break
    }
  }
  let column = leafCells(values, leaf.values, present?.subarray(0, counts[lists]), counts[lists]!)
  for (let level = lists - 1; level >= 0; level--) {
    const slots = counts[level]!
    const offsets = starts[level]!.subarray(0, slots + 1)
    offsets[slots] = counts[level + 1]!
    const validity = nulls[level] ? nullsOf(nulls[level]!.subarray(0, slots)) : {}
    column = cells({ kind: 'list', child: column.form }, slots, {
      ...validity,
      offsets,
      children: [column],
    })
  }
  return column
}

/** Levels at which a list is not null (`there`), and has an item (`filled`). */
interface ListPlan {
  nullable: boolean
  there: number
  filled: number
}

const planOf = ({ steps }: Leaf) => {
  const lists: ListPlan[] = []
  let level = 0
  let nullable = false
  for (const step of steps) {
    level++
    if (step === 'optional') nullable = true
    else {
      lists.push({ nullable, there: level - 1, filled: level })
      nullable = false
    }
  }
  return { lists, leafNullable: nullable, most: level }
}

const optionalPresence = (definition: Uint8Array, most: number): Uint8Array =>
  definition.map(level => Number(level === most))

/** @param present one byte a slot; values are there only where it is 1 */
const leafCells = (
  values: PageValues,
  type: ColumnType,
  present: Uint8Array | undefined,
  slots: number,
): Cells => {
  const nulls = present ? nullsOf(present) : { nulls: 0, validity: undefined }
  if (values.kind === 'pieces') return pieceCells(values.pieces, type, present, nulls, slots)
  const bytes = nulls.nulls > 0 ? spread(values.bytes, values.width, present!) : values.bytes
  if (type.is === 'boolean')
    return cells({ kind: 'bits' }, slots, { ...nulls, data: packBits(bytes) })
  const data = narrowed(bytes, values.width, type)
  return cells(fixedForm(type), slots, { ...nulls, data })
}

const fixedForm = (type: ColumnType): Form => ({
  kind: 'fixed',
  bytes:
    type.is === 'number'
      ? NUMBER_FORMATS[type.format].BYTES_PER_ELEMENT
      : type.is === 'date'
        ? 4
        : 8,
})

/** Room for the slots that have no value: zeros. */
const spread = (bytes: Uint8Array, width: number, present: Uint8Array): Uint8Array => {
  const out = new Uint8Array(present.length * width)
  let from = 0
  for (let slot = 0; slot < present.length; slot++) {
    if (!present[slot]) continue
    for (let byte = 0; byte < width; byte++) out[slot * width + byte] = bytes[from + byte]!
    from += width
  }
  return out
}

/** Integers of 8 and 16 bits lie as 32. */
const narrowed = (bytes: Uint8Array, width: number, type: ColumnType): Uint8Array => {
  if (type.is !== 'number') return bytes
  const to = NUMBER_FORMATS[type.format].BYTES_PER_ELEMENT
  if (to === width) return bytes
  const out = new Uint8Array((bytes.byteLength / width) * to)
  for (let slot = 0; slot * width < bytes.byteLength; slot++)
    for (let byte = 0; byte < to; byte++) out[slot * to + byte] = bytes[slot * width + byte]!
  return out
}

const pieceCells = (
  pieces: readonly Uint8Array[],
  type: ColumnType,
  present: Uint8Array | undefined,
  nulls: Pick<Cells, 'nulls' | 'validity'>,
  slots: number,
): Cells => {
  const offsets = new Int32Array(slots + 1)
  let piece = 0
  let end = 0
  for (let slot = 0; slot < slots; slot++) {
    if (!present || present[slot]) end += pieces[piece++]!.byteLength
    offsets[slot + 1] = end
  }
  const data = Buffer.concat(pieces)
  const utf8 = type.is === 'text'
  if (utf8 && !isUtf8(data)) throw new Error('a text is not UTF-8')
  if (utf8 && pieces.some(bytes => bytes.length > 0 && (bytes[0]! & 0xc0) === 0x80))
    throw new Error('a text is not UTF-8')
  return cells({ kind: 'bytes', utf8 }, slots, { ...nulls, offsets, data })
}
