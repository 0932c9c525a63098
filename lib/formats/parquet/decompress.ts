import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { CompressionCodec } from 'hyparquet'
import { readZstd } from '../../stream/arrow/zstd.js'

/** Exactly `length` bytes, or a plain Error: no page can take more memory than it says. */
export type Decompress = (bytes: Uint8Array, length: number) => Uint8Array

/** The codecs that writers use; those that Node lacks come from hyparquet-compressors. */
export const openDecompress = async (codec: CompressionCodec): Promise<Decompress> => {
  const found = await decompressOf(codec)
  if (!found) throw new Error(`compressed by ${codec}, which cannot be read`)
  return (bytes, length) => {
    if (length === 0) return new Uint8Array(0)
    const page = found(bytes, length)
    if (page.byteLength === length) return page
    throw new Error(`a page of ${length} bytes unpacks to ${page.byteLength}`)
  }
}

const decompressOf = async (codec: CompressionCodec): Promise<Decompress | undefined> => {
  switch (codec) {
    case 'UNCOMPRESSED':
      return bytes => bytes
    case 'GZIP':
      return (bytes, length) => gunzipSync(bytes, { maxOutputLength: length })
    case 'BROTLI':
      return (bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: length })
  }
  const { decompressLz4, decompressLz4Raw, decompressSnappy } =
    await import('hyparquet-compressors')
  switch (codec) {
    case 'SNAPPY':
      return (bytes, length) => {
        checkSnappy(bytes, length)
        return decompressSnappy(bytes, length)
      }
    case 'ZSTD':
      return readZstd
    case 'LZ4':
      return decompressLz4
    case 'LZ4_RAW':
      return decompressLz4Raw
    default:
      return undefined
  }
}

/** Snappy begins with the length that it unpacks to. */
const checkSnappy = (bytes: Uint8Array, length: number): void => {
  let claimed = 0
  for (let i = 0; i < 5; i++) {
    claimed += (bytes[i]! & 0x7f) * 128 ** i
    if (bytes[i]! < 0x80) break
  }
  if (claimed !== length) throw new Error(`a page of ${length} bytes unpacks to ${claimed}`)
}
