/**
 * How numbers lie in a file. `float16` and `bfloat16` are decoded to Float32Array, the 64-bit
 * integers to doubles.
 */
export type NumberType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64'

export const byteSize: Record<NumberType, number> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
}

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

/**
 * Decodes raw bytes (a whole number of values) into a typed array. Integers beyond 2^53 round to
 * the nearest double, as they would in MATLAB's and NumPy's float64.
 */
export function decodeNumbers(
  bytes: Uint8Array,
  type: NumberType,
  bigEndian: boolean,
): NumberArray {
  const own = new Uint8Array(bytes)
  const size = byteSize[type]
  if (bigEndian && size > 1) {
    const buffer = Buffer.from(own.buffer)
    if (size === 2) buffer.swap16()
    else if (size === 4) buffer.swap32()
    else buffer.swap64()
  }
  const { buffer } = own
  switch (type) {
    case 'int8':
      return new Int8Array(buffer)
    case 'uint8':
      return own
    case 'int16':
      return new Int16Array(buffer)
    case 'uint16':
      return new Uint16Array(buffer)
    case 'int32':
      return new Int32Array(buffer)
    case 'uint32':
      return new Uint32Array(buffer)
    case 'float32':
      return new Float32Array(buffer)
    case 'float64':
      return new Float64Array(buffer)
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer), Number)
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer), Number)
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer), half)
    case 'bfloat16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), bits => bits << 16).buffer)
  }
}

/** IEEE 754 binary16 to number. */
const half = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
