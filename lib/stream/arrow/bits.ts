/** Arrow's bitmaps: one bit a slot, lowest bit of a byte first. */

export const bit = (bits: Uint8Array, at: number): boolean =>
  ((bits[at >> 3]! >> (at & 7)) & 1) === 1

export const setBit = (bits: Uint8Array, at: number): void => {
  bits[at >> 3]! |= 1 << (at & 7)
}

export const bytesForBits = (bits: number): number => Math.ceil(bits / 8)

/** Number of ones among the first `length` bits. */
export const countBits = (bits: Uint8Array, length: number): number => {
  let count = 0
  const whole = length >> 3
  for (let i = 0; i < whole; i++) count += ONES[bits[i]!]!
  for (let i = whole << 3; i < length; i++) if (bit(bits, i)) count++
  return count
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1
  return ones
})

/** One byte a slot (0 or 1) from one bit a slot. */
export const unpackBits = (bits: Uint8Array | undefined, length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  if (bits === undefined) return bytes.fill(1)
  for (let i = 0; i < length; i++) bytes[i] = (bits[i >> 3]! >> (i & 7)) & 1
  return bytes
}

/** One bit a slot from one byte a slot (0 = 0, anything else = 1). */
export const packBits = (bytes: ArrayLike<number>): Uint8Array => {
  const bits = new Uint8Array(bytesForBits(bytes.length))
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) setBit(bits, i)
  return bits
}
