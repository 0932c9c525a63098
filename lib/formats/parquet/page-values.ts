import type { Encoding, ParquetType } from 'hyparquet'
import { deltaBinaryUnpack, deltaLengthByteArray } from 'hyparquet/src/delta.js'
import { readHybrid } from './hybrid.js'

/** Values of a page without its nulls: of fixed width end to end, booleans a byte each, or pieces. */
export type PageValues =
  { kind: 'fixed'; width: number; bytes: Uint8Array } | { kind: 'pieces'; pieces: Uint8Array[] }

/** Bytes of the physical types whose values all have the same size. */
export const widthOf = (type: ParquetType, typeLength: number | undefined): number | undefined => {
  switch (type) {
    case 'BOOLEAN':
      return 1
    case 'INT32':
    case 'FLOAT':
      return 4
    case 'INT64':
    case 'DOUBLE':
      return 8
    case 'FIXED_LEN_BYTE_ARRAY':
      return typeLength
    default:
      return undefined
  }
}

/** What the pieces of one page may add up to. */
const LARGEST_TEXTS = 1 << 28

/** Decodes `count` values; a plain Error where the page is not what it says. */
export const readValues = (
  bytes: Uint8Array,
  encoding: Encoding | undefined,
  count: number,
  { type, typeLength }: { type: ParquetType; typeLength: number | undefined },
  dictionary: PageValues | undefined,
): PageValues => {
  const width = widthOf(type, typeLength)
  switch (encoding) {
    case 'PLAIN':
      if (type === 'BOOLEAN') return { kind: 'fixed', width: 1, bytes: plainBits(bytes, count) }
      return width === undefined ? plainPieces(bytes, count) : plainFixed(bytes, count, width)
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return fromDictionary(bytes, count, dictionary)
    case 'RLE':
      if (type === 'BOOLEAN') {
        const bits = new Uint8Array(count)
        readHybrid(bytes, 4, 1, bits, 1)
        return { kind: 'fixed', width: 1, bytes: bits }
      }
      break
    case 'BYTE_STREAM_SPLIT':
      if (width !== undefined && type !== 'BOOLEAN') return splitStreams(bytes, count, width)
      break
    case 'DELTA_BINARY_PACKED':
      if (type === 'INT32' || type === 'INT64') return deltaNumbers(bytes, count, type)
      break
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return deltaLengthPieces(bytes, count)
    case 'DELTA_BYTE_ARRAY':
      return deltaPieces(bytes, count, width)
  }
  throw new Error(`values encoded as ${encoding}, which cannot be read`)
}

const enough = (bytes: Uint8Array, needed: number): void => {
  if (bytes.byteLength < needed)
    throw new Error(`a page of ${bytes.byteLength} bytes of values, where ${needed} are needed`)
}

const plainFixed = (bytes: Uint8Array, count: number, width: number): PageValues => {
  enough(bytes, count * width)
  return { kind: 'fixed', width, bytes: bytes.subarray(0, count * width) }
}

const plainBits = (bytes: Uint8Array, count: number): Uint8Array => {
  enough(bytes, Math.ceil(count / 8))
  return Uint8Array.from({ length: count }, (_, i) => (bytes[i >> 3]! >> (i & 7)) & 1)
}

const plainPieces = (bytes: Uint8Array, count: number): PageValues => {
  const view = viewOf(bytes)
  const pieces: Uint8Array[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    enough(bytes, at + 4)
    const length = view.getUint32(at, true)
    enough(bytes, at + 4 + length)
    pieces.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return { kind: 'pieces', pieces }
}

const fromDictionary = (
  bytes: Uint8Array,
  count: number,
  dictionary: PageValues | undefined,
): PageValues => {
  if (!dictionary) throw new Error('indices without a dictionary')
  enough(bytes, 1)
  const size =
    dictionary.kind === 'fixed'
      ? dictionary.bytes.byteLength / dictionary.width
      : dictionary.pieces.length
  if (count > 0 && size === 0) throw new Error('indices into an empty dictionary')
  const indices = new Uint32Array(count)
  readHybrid(bytes, 1, bytes[0]!, indices, size - 1)
  if (dictionary.kind === 'pieces') {
    const pieces = Array.from(indices, index => dictionary.pieces[index]!)
    return { kind: 'pieces', pieces: checked(pieces) }
  }
  const { width } = dictionary
  const out = new Uint8Array(count * width)
  for (let i = 0; i < count; i++) {
    const from = indices[i]! * width
    for (let byte = 0; byte < width; byte++) out[i * width + byte] = dictionary.bytes[from + byte]!
  }
  return { kind: 'fixed', width, bytes: out }
}

const splitStreams = (bytes: Uint8Array, count: number, width: number): PageValues => {
  enough(bytes, count * width)
  const out = new Uint8Array(count * width)
  for (let byte = 0; byte < width; byte++)
    for (let i = 0; i < count; i++) out[i * width + byte] = bytes[byte * count + i]!
  return { kind: 'fixed', width, bytes: out }
}

const deltaNumbers = (bytes: Uint8Array, count: number, type: 'INT32' | 'INT64'): PageValues => {
  const numbers = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count)
  if (count > 0) deltaBinaryUnpack({ view: viewOf(bytes), offset: 0 }, count, numbers)
  const { buffer } = numbers
  return { kind: 'fixed', width: numbers.BYTES_PER_ELEMENT, bytes: new Uint8Array(buffer) }
}

const deltaLengthPieces = (bytes: Uint8Array, count: number): PageValues => {
  const pieces = new Array<Uint8Array>(count)
  if (count > 0) deltaLengthByteArray({ view: viewOf(bytes), offset: 0 }, count, pieces)
  return { kind: 'pieces', pieces: checked(pieces) }
}

/** Each value is a prefix of the one before and bytes of its own. */
const deltaPieces = (bytes: Uint8Array, count: number, width: number | undefined): PageValues => {
  const reader = { view: viewOf(bytes), offset: 0 }
  const prefixes = new Int32Array(count)
  const suffixes = new Int32Array(count)
  if (count > 0) deltaBinaryUnpack(reader, count, prefixes)
  if (count > 0) deltaBinaryUnpack(reader, count, suffixes)
  const lengths = prefixes.map((prefix, i) => prefix + suffixes[i]!)
  if (total(lengths) > LARGEST_TEXTS) throw new Error('texts of more than 256 MB in one page')
  const pieces: Uint8Array[] = []
  let at = reader.offset
  for (let i = 0; i < count; i++) {
    const before = pieces[i - 1]
    const prefix = prefixes[i]!
    const suffix = suffixes[i]!
    if (prefix < 0 || suffix < 0 || prefix > (before?.byteLength ?? 0))
      throw new Error('a text begins with more of the last one than there is')
    enough(bytes, at + suffix)
    const piece = new Uint8Array(prefix + suffix)
    if (prefix > 0) piece.set(before!.subarray(0, prefix))
    piece.set(bytes.subarray(at, at + suffix), prefix)
    pieces.push(piece)
    at += suffix
  }
  if (width === undefined) return { kind: 'pieces', pieces }
  if (pieces.some(({ byteLength }) => byteLength !== width))
    throw new Error('values of other widths')
  return { kind: 'fixed', width, bytes: Buffer.concat(pieces) }
}

/** Small indices may name a long text a million times; what they stand for must stay a page. */
const checked = (pieces: Uint8Array[]): Uint8Array[] => {
  let size = 0
  for (const { byteLength } of pieces) size += byteLength
  if (size > LARGEST_TEXTS) throw new Error('texts of more than 256 MB in one page')
  return pieces
}

const total = (lengths: Int32Array): number => lengths.reduce((sum, length) => sum + length, 0)

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
