/**
 * Decodes runs of equal values and groups of packed bits (Parquet's RLE/bit-packing hybrid) until
 * `into` is full. Throws a plain Error where the bytes end first or a value is beyond `most`.
 */
export const readHybrid = (
  bytes: Uint8Array,
  start: number,
  width: number,
  into: Uint8Array | Uint32Array,
  most: number,
): void => {
  if (width < 0 || width > 32) throw new Error(`values of ${width} bits`)
  let at = start
  const next = (): number => {
    if (at >= bytes.byteLength) throw new Error('levels or indices are cut short')
    return bytes[at++]!
  }
  for (let filled = 0; filled < into.length;) {
    let header = 0
    let byte = 0x80
    for (let scale = 1; byte >= 0x80; scale *= 128) {
      if (scale > 2 ** 35) throw new Error('a run of more than 32 bits')
      byte = next()
      header += (byte & 0x7f) * scale
    }
    const count = Math.floor(header / 2)
    if (header % 2 === 0) {
      let value = 0
      for (let i = 0; i < width; i += 8) value += next() * 2 ** i
      if (value > most) throw new Error(`a level or index of ${value}, expected at most ${most}`)
      const end = Math.min(into.length, filled + count)
      into.fill(value, filled, end)
      filled = end
      continue
    }
    const wanted = Math.min(count * 8, into.length - filled)
    let bits = 0
    let value = 0
    for (let i = 0; i < wanted; i++) {
      // Up to 39 bits at a time: arithmetic, since shifts know 32 only.
      while (bits < width) {
        value += next() * 2 ** bits
        bits += 8
      }
      const rest = Math.floor(value / 2 ** width)
      const found = value - rest * 2 ** width
      if (found > most) throw new Error(`a level or index of ${found}, expected at most ${most}`)
      into[filled++] = found
      value = rest
      bits -= width
    }
    // The last group is whole even where fewer values are wanted of it.
    at += Math.ceil((count * 8 * width) / 8) - Math.ceil((wanted * width) / 8)
    if (at > bytes.byteLength) at = bytes.byteLength
  }
}

/** Bits that values up to `most` take. */
export const bitsFor = (most: number): number => 32 - Math.clz32(most)
