import { badData } from '../../error.js'
import { bit } from './bits.js'
import type { Cells } from './cells.js'
import { gather, runsOf } from './gather.js'

/** The dictionaries of a stream by id; a later one of the same id replaces the earlier. */
export type Dictionaries = ReadonlyMap<number, Cells>

/** What a slot is called in messages. */
export type Place = (slot: number) => string

/** A small batch may name a long text a million times; what it stands for must stay a batch. */
const LARGEST_DECODED = 1 << 28

/** The plain column that indices into a dictionary stand for. */
export const decodeDictionary = (
  slots: Pick<Cells, 'length' | 'validity'>,
  indices: Uint8Array,
  { bytes, signed }: { bytes: number; signed: boolean },
  values: Cells,
  place: Place,
): Cells => {
  const view = new DataView(indices.buffer, indices.byteOffset, indices.byteLength)
  const rows = Float64Array.from({ length: slots.length }, (_, slot) => {
    if (slots.validity && !bit(slots.validity, slot)) return -1
    const index = indexAt(view, slot * bytes, bytes, signed)
    if (index >= 0 && index < values.length) return index
    throw badData(`${place(slot)}: index ${index} into a dictionary of ${values.length} values`)
  })
  checkSize(values, rows)
  return gather(values, runsOf(rows))
}

const indexAt = (view: DataView, at: number, bytes: number, signed: boolean): number => {
  switch (bytes) {
    case 1:
      return signed ? view.getInt8(at) : view.getUint8(at)
    case 2:
      return signed ? view.getInt16(at, true) : view.getUint16(at, true)
    case 4:
      return signed ? view.getInt32(at, true) : view.getUint32(at, true)
    default:
      return Number(signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true))
  }
}

const checkSize = (values: Cells, rows: Float64Array): void => {
  let size = 0
  for (const row of rows) if (row >= 0) size += sizeOfSlot(values, row)
  if (size > LARGEST_DECODED)
    throw badData('a dictionary stands for more than 256 MB in one batch', 'write smaller batches')
}

/** Roughly the bytes of one slot; nested columns count by their widest part. */
const sizeOfSlot = (values: Cells, slot: number): number =>
  values.form.kind === 'bytes' || values.form.kind === 'list'
    ? values.offsets[slot + 1]! - values.offsets[slot]!
    : 8
