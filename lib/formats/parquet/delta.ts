/**
 * Numbers that are told by their differences (Parquet: DELTA_BINARY_PACKED), 32 or 64 bits that
 * wrap around. Returns where they end; a plain Error where the bytes end first.
 */
export const readDelta = (
  bytes: Uint8Array,
  start: number,
  into: Int32Array | BigInt64Array,
): number => {
  const reader = new DeltaReader(bytes, start)
  const blockSize = Number(reader.varint())
  const miniblocks = Number(reader.varint())
  const perMiniblock = blockSize / miniblocks
  if (!(miniblocks > 0 && Number.isInteger(perMiniblock) && perMiniblock % 8 === 0))
    throw new Error(`blocks of ${blockSize} numbers in ${miniblocks} parts`)
  const count = Number(reader.varint())
  if (count !== into.length) throw new Error(`${count} numbers, expected ${into.length}`)
  let value = reader.zigzag()
  const put = (at: number) => {
    if (into instanceof Int32Array) into[at] = Number(BigInt.asIntN(32, value))
    else into[at] = value
  }
  if (count > 0) put(0)
  for (let at = 1; at < count;) {
    const least = reader.zigzag()
    const widths = reader.take(miniblocks)
    for (let i = 0; i < miniblocks && at < count; i++) {
      const width = widths[i]!
      const group = reader.take((perMiniblock / 8) * width)
      const wanted = Math.min(perMiniblock, count - at)
      for (let n = 0; n < wanted; n++) {
        value = BigInt.asIntN(64, value + least + packed(group, n * width, width))
        put(at++)
      }
    }
  }
  return reader.at
}

/** The `width` bits that begin at bit `from`, lowest first. */
const packed = (bytes: Uint8Array, from: number, width: number): bigint => {
  if (width > 64) throw new Error(`differences of ${width} bits`)
  let value = 0
  // What a double holds exactly is read as one; the rest in two parts.
  if (width <= 45) {
    const skip = from & 7
    let scale = 1
    for (let at = from >> 3; at * 8 < from + width; at++, scale *= 256) value += bytes[at]! * scale
    return BigInt(Math.floor(value / 2 ** skip) % 2 ** width)
  }
  return packed(bytes, from, 32) | (packed(bytes, from + 32, width - 32) << 32n)
}

class DeltaReader {
  at: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  take(count: number): Uint8Array {
    const end = this.at + count
    if (end > this.#bytes.byteLength) throw new Error('differences are cut short')
    const taken = this.#bytes.subarray(this.at, end)
    this.at = end
    return taken
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.take(1)[0]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new Error('a number of more than 64 bits')
  }

  zigzag(): bigint {
    const value = this.varint()
    return (value >> 1n) ^ -(value & 1n)
  }
}
