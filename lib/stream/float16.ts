/**
 * IEEE 754 half precision. Numbers of it travel as their 16 bits; arithmetic happens in float32.
 */

/** Largest finite half. */
export const LARGEST_HALF = 65504

const toFloat = (half: number): number => {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

let table: Float32Array | undefined

/** Halves as float32, exactly. */
export const decodeHalves = (halves: Uint16Array): Float32Array => {
  table ??= Float32Array.from({ length: 65536 }, (_, half) => toFloat(half))
  const values = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) values[i] = table[halves[i]!]!
  return values
}

/**
 * The nearest halves, ties to even. What lies beyond the largest half becomes infinite, what lies
 * below half of the smallest becomes zero.
 */
export const encodeHalves = (values: Float32Array): Uint16Array => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let i = 0; i < bits.length; i++) halves[i] = halfOf(bits[i]!)
  return halves
}

const halfOf = (bits: number): number => {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00)
  // 65520 lies half-way to the half that does not exist.
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  if (magnitude < 0x38800000) return sign | subnormal(magnitude)
  // A carry out of the fraction goes up into the exponent, where it belongs.
  const odd = (magnitude >>> 13) & 1
  return sign | ((magnitude + 0xfff + odd - 0x38000000) >>> 13)
}

/** Below 2^-14: a multiple of 2^-24. */
const subnormal = (magnitude: number): number => {
  const shift = 126 - (magnitude >>> 23)
  if (shift > 24) return 0
  const fraction = (magnitude & 0x7fffff) | 0x800000
  const half = fraction >>> shift
  const rest = fraction & ((1 << shift) - 1)
  const middle = 1 << (shift - 1)
  return half + (rest > middle || (rest === middle && half & 1) ? 1 : 0)
}
