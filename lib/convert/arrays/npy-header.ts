import type { PartType } from './parts.js'

/** What NumPy calls them; texts are `<U` and their longest. */
const DESCR: Record<Exclude<PartType, 'text'>, string> = {
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  boolean: '|b1',
}

/** `longest`: characters of the longest text. */
export const descrOf = (type: PartType, longest = 0): string =>
  type === 'text' ? `<U${Math.max(1, longest)}` : DESCR[type]

/** Bytes of a header, the same for any number of rows, so that it can be written before they are known. */
export const HEADER_BYTES = 192

/** The header of a .npy file, version 1.0 (numpy/lib/format.py), in C order. */
export const npyHeader = (descr: string, shape: readonly number[]): Uint8Array => {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`
  const bytes = Buffer.alloc(HEADER_BYTES, ' ')
  bytes.write('\x93NUMPY\x01\x00', 0, 'latin1')
  bytes.writeUInt16LE(HEADER_BYTES - 10, 8)
  bytes.write(dict, 10, 'latin1')
  bytes[HEADER_BYTES - 1] = 10
  return bytes
}
