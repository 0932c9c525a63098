import { badData } from '../error.js'
import type { FileArray } from './array.js'
import type { ByteRange } from './byte-range.js'
import { parseNpyHeader, type NpyHeader } from './npy-header.js'
import { byteSize } from './numbers.js'
import { rawArray } from './raw-array.js'

/**
 * A NumPy `.npy` array (format 1, 2 and 3: numpy/lib/format.py). Rows that lie one after the other
 * are read from the file as they are needed; Fortran order and transposed arrays are read whole.
 */
export async function openNpy(range: ByteRange, transpose: boolean): Promise<FileArray> {
  const { header, dataStart } = await readNpyHeader(range)
  const size = header.type === 'text' ? header.width : byteSize[header.type]
  const count = header.shape.reduce((product, length) => product * length, 1)
  const expected = count * size
  if (dataStart + expected !== range.length) {
    throw badData(
      `${range.name}: ${header.shape.join('x') || 'scalar'} values of ${size} bytes need ` +
        `${expected} bytes, the file holds ${range.length - dataStart}`,
    )
  }
  const data = range.slice(dataStart, expected)
  if (header.type === 'text') return textArray(data, header, count)
  const { type, bigEndian, fortran, shape } = header
  return rawArray(data, { type, bigEndian, fortran, shape }, transpose)
}

/** Shape and type of an array, without its data. */
export async function describeNpy(range: ByteRange): Promise<string> {
  const { header } = await readNpyHeader(range)
  return `${header.shape.join('x') || 'scalar'} ${header.descr}`
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1')

/** What a file says of its array, and where the data begin. */
export async function readNpyHeader(
  range: ByteRange,
): Promise<{ header: NpyHeader; dataStart: number }> {
  const start = await range.read(0, Math.min(12, range.length))
  if (start.length < 12 || !start.subarray(0, 6).equals(MAGIC)) {
    throw badData(`${range.name}: not a .npy file (its first bytes are not \\x93NUMPY)`)
  }
  const version = start[6]!
  if (version < 1 || version > 3) {
    throw badData(`${range.name}: .npy format ${version}, expected 1, 2 or 3`)
  }
  const at = version === 1 ? 10 : 12
  const length = version === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8)
  if (length > 1 << 20) {
    throw badData(`${range.name}: header of ${length} bytes, expected at most ${1 << 20}`)
  }
  const text = (await range.read(at, length)).toString(version === 3 ? 'utf8' : 'latin1')
  return { header: parseNpyHeader(text, range.name), dataStart: at + length }
}

/** Fixed-width strings: `S` bytes or `U` UTF-32, padded with NULs. */
async function textArray(
  data: ByteRange,
  { shape, width, bigEndian, unicode }: NpyHeader,
  count: number,
): Promise<FileArray> {
  const bytes = await data.read(0, data.length)
  const texts = Array.from({ length: count }, (_, index) => {
    const cell = bytes.subarray(index * width, (index + 1) * width)
    return unicode
      ? decodeUtf32(cell, bigEndian, data.name)
      : cell.toString('utf8').replace(/\0+$/, '')
  })
  return { kind: 'text', name: data.name, shape, rows: count, texts, close: () => data.close() }
}

/** A text of NumPy's `<U`, without the zeros behind it. */
export const decodeUtf32 = (cell: Buffer, bigEndian: boolean, name: string): string => {
  let text = ''
  for (let at = 0; at < cell.length; at += 4) {
    const code = bigEndian ? cell.readUInt32BE(at) : cell.readUInt32LE(at)
    if (code > 0x10ffff) throw badData(`${name}: ${code} is no Unicode character`)
    text += String.fromCodePoint(code)
  }
  return text.replace(/\0+$/, '')
}
