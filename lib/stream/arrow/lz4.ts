/**
 * Unpacks an LZ4 frame (LZ4 Frame Format 1.6, LZ4 Block Format) into `into` and returns how many
 * bytes came; a plain Error where they do not fit or the frame is not sound. Checksums are skipped:
 * a stream has its own.
 */
export const readLz4Frame = (frame: Uint8Array, into: Uint8Array): number => {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.byteLength < 7 || view.getUint32(0, true) !== MAGIC) throw new Error('no frame')
  const flags = frame[4]!
  if (flags >> 6 !== 1) throw new Error('another version')
  const blockChecksums = (flags & 0x10) !== 0
  let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0)
  let filled = 0
  for (;;) {
    if (at + 4 > frame.byteLength) throw new Error('it is cut short')
    const size = view.getUint32(at, true)
    at += 4
    if (size === 0) return filled
    const end = at + (size & 0x7fffffff)
    if (end > frame.byteLength) throw new Error('it is cut short')
    const block = frame.subarray(at, end)
    filled = size & UNCOMPRESSED ? copy(block, into, filled) : readBlock(block, into, filled)
    at = end + (blockChecksums ? 4 : 0)
  }
}

const MAGIC = 0x184d2204
const UNCOMPRESSED = 0x80000000
const SHORTEST_MATCH = 4

const copy = (block: Uint8Array, into: Uint8Array, at: number): number => {
  if (at + block.byteLength > into.byteLength) throw new Error('more than it claims')
  into.set(block, at)
  return at + block.byteLength
}

/** Matches may reach back into the blocks before. */
const readBlock = (block: Uint8Array, into: Uint8Array, start: number): number => {
  let to = start
  let at = 0
  const next = (): number => {
    if (at >= block.byteLength) throw new Error('it is cut short')
    return block[at++]!
  }
  const extended = (length: number): number => {
    let sum = length
    if (length === 15)
      for (let byte = 255; byte === 255;) {
        byte = next()
        sum += byte
      }
    return sum
  }
  while (at < block.byteLength) {
    const token = next()
    const literals = extended(token >> 4)
    if (at + literals > block.byteLength) throw new Error('it is cut short')
    to = copy(block.subarray(at, at + literals), into, to)
    at += literals
    // The last sequence has literals only.
    if (at === block.byteLength) return to
    const offset = next() + next() * 256
    const length = extended(token & 15) + SHORTEST_MATCH
    if (offset === 0 || offset > to) throw new Error('a match leads outside')
    if (to + length > into.byteLength) throw new Error('more than it claims')
    if (offset >= length) into.copyWithin(to, to - offset, to - offset + length)
    else for (let i = 0; i < length; i++) into[to + i] = into[to - offset + i]!
    to += length
  }
  return to
}
