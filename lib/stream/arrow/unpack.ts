import { badData } from '../../error.js'
import { readLz4Frame } from './lz4.js'
import { readZstd } from './zstd.js'

/** How the buffers of a body are compressed (Message.fbs: CompressionType). */
export type Compression = 'lz4' | 'zstd'

/** A buffer may not claim more: a batch is smaller than that. */
const LARGEST = 1 << 30

/** A buffer of a compressed body: the length it unpacks to (-1: it lies as it is), then the bytes. */
export const unpack = (region: Uint8Array, compression: Compression): Uint8Array => {
  if (region.byteLength === 0) return region
  if (region.byteLength < 8) throw badData('damaged: a compressed buffer is cut short')
  const view = new DataView(region.buffer, region.byteOffset, region.byteLength)
  const length = Number(view.getBigInt64(0, true))
  const packed = region.subarray(8)
  if (length === -1) return packed
  if (!(length >= 0 && length <= LARGEST))
    throw badData(`damaged: a compressed buffer claims ${length} bytes`)
  if (length === 0) return new Uint8Array(0)
  try {
    if (compression === 'zstd') return readZstd(packed, length)
    const into = new Uint8Array(length)
    const filled = readLz4Frame(packed, into)
    if (filled === length) return into
    throw new Error(`${filled} bytes, not the ${length} it claims`)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw badData(
      `damaged: a buffer cannot be unpacked (${compression}: ${said})`,
      undefined,
      error,
    )
  }
}
