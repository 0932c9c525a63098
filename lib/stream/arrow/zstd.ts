import { Decompress } from 'fzstd'

/**
 * Unpacks zstd into exactly `length` bytes, a plain Error where more or fewer come. By pieces, since
 * the package neither notices that a buffer is too large nor that it is too small.
 */
export const readZstd = (packed: Uint8Array, length: number): Uint8Array => {
  const into = new Uint8Array(length)
  let filled = 0
  const stream = new Decompress(chunk => {
    if (filled + chunk.byteLength > length) throw new Error('more than it claims')
    into.set(chunk, filled)
    filled += chunk.byteLength
  })
  stream.push(packed, true)
  if (filled !== length) throw new Error(`${filled} bytes, not the ${length} it claims`)
  return into
}
