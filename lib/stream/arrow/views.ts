import { badData } from '../../error.js'
import type { Place } from './dictionary.js'

/** Bytes of a view: length, then the value itself (up to 12 bytes) or prefix, buffer, offset. */
export const VIEW_BYTES = 16
const INLINE = 12

/** Views may share their bytes; what they stand for must stay a batch. */
const LARGEST_DECODED = 1 << 28

/** The offsets and bytes of a plain column that the views of a BinaryView or Utf8View stand for. */
export const decodeViews = (
  views: Uint8Array,
  buffers: readonly Uint8Array[],
  isPresent: (slot: number) => boolean,
  place: Place,
): { offsets: Int32Array; data: Uint8Array } => {
  const view = new DataView(views.buffer, views.byteOffset, views.byteLength)
  const offsets = new Int32Array(views.byteLength / VIEW_BYTES + 1)
  const values: Uint8Array[] = []
  let end = 0
  for (let slot = 0; slot < offsets.length - 1; slot++) {
    const value = isPresent(slot) ? valueAt(view, slot, views, buffers) : NOTHING
    if (!value) throw badData(`damaged: ${place(slot)}: a view leads outside of its buffers`)
    values.push(value)
    end += value.byteLength
    if (end > LARGEST_DECODED)
      throw badData('views stand for more than 256 MB in one batch', 'write smaller batches')
    offsets[slot + 1] = end
  }
  return { offsets, data: Buffer.concat(values) }
}

const NOTHING = new Uint8Array(0)

const valueAt = (
  view: DataView,
  slot: number,
  views: Uint8Array,
  buffers: readonly Uint8Array[],
): Uint8Array | undefined => {
  const at = slot * VIEW_BYTES
  const length = view.getInt32(at, true)
  if (length < 0) return undefined
  if (length <= INLINE) return views.subarray(at + 4, at + 4 + length)
  const buffer = buffers[view.getInt32(at + 8, true)]
  const start = view.getInt32(at + 12, true)
  const fits = buffer && start >= 0 && start + length <= buffer.byteLength
  return fits ? buffer.subarray(start, start + length) : undefined
}
