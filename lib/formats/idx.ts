import { badData } from '../error.js'
import { memoryRange, type ByteRange } from './byte-range.js'
import type { NumericArray } from './array.js'
import { gunzipBounded } from './gunzip.js'
import { byteSize, type NumberType } from './numbers.js'
import { rawArray } from './raw-array.js'

const TYPES: Record<number, NumberType> = {
  0x08: 'uint8',
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
}

/**
 * An IDX array, gzipped or not (LeCun, Cortes and Burges, "The MNIST database of handwritten
 * digits", the file format): two zeros, a type, the number of dimensions, the dimensions and the
 * numbers, all big-endian. Throws bad data (65) where header and length do not agree.
 */
export async function openIdx(range: ByteRange, transpose: boolean): Promise<NumericArray> {
  const start = await range.read(0, Math.min(2, range.length))
  if (start[0] !== 0x1f || start[1] !== 0x8b) return openPlain(range, transpose)
  const bytes = gunzipBounded(await range.read(0, range.length), range.name)
  return openPlain(
    memoryRange(range.name, bytes, () => range.close()),
    transpose,
  )
}

async function openPlain(range: ByteRange, transpose: boolean): Promise<NumericArray> {
  const { name, length } = range
  const start = await range.read(0, Math.min(4, length))
  const type = TYPES[start[2] ?? 0]
  const rank = start[3] ?? 0
  if (start.length < 4 || start.readUInt16BE(0) !== 0 || !type || rank === 0 || rank > 32) {
    throw badData(
      `${name}: not an IDX file (expected two zeros, a type of 08 to 0e and 1 to 32 dimensions)`,
    )
  }
  const sides = await range.read(4, 4 * rank)
  const shape = Array.from({ length: rank }, (_, axis) => sides.readUInt32BE(4 * axis))
  const expected = shape.reduce((product, side) => product * side, byteSize[type])
  const left = length - 4 - 4 * rank
  if (expected !== left) {
    throw badData(
      `${name}: ${shape.join('x')} numbers of ${byteSize[type]} bytes need ${expected} bytes, the file holds ${left}`,
    )
  }
  const data = range.slice(4 + 4 * rank, expected)
  return rawArray(data, { type, bigEndian: true, fortran: false, shape }, transpose)
}
