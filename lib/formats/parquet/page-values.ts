import type { ParquetType } from 'hyparquet'
import { readDelta } from './delta.js'
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
  encoding: number,
  count: number,
  { type, typeLength }: { type: ParquetType; typeLength: number | undefined },
  dictionary: PageValues | undefined,
): PageValues => {
  const width = widthOf(type, typeLength)
  switch (ENCODINGS[encoding]) {
    case 'plain':
      if (type === 'BOOLEAN') return { kind: 'fixed', width: 1, bytes: plainBits(bytes, count) }
      return width === undefined ? plainPieces(bytes, count) : plainFixed(bytes, count, width)
    case 'dictionary':
      return fromDictionary(bytes, count, dictionary)
    case 'runs':
      if (type === 'BOOLEAN') {
        const bits = new Uint8Array(count)
        readHybrid(bytes, 4, 1, bits, 1)
        return { kind: 'fixed', width: 1, bytes: bits }
      }
      break
    case 'split':
      if (width !== undefined && type !== 'BOOLEAN') return splitStreams(bytes, count, width)
      break
    case 'delta':
      if (type === 'INT32' || type === 'INT64') return deltaNumbers(bytes, count, type)
      break
    case 'delta-length':
      return deltaLengthPieces(bytes, count)
    case 'delta-prefix':
      return deltaPieces(bytes, count, width)
  }
  throw new Error(`values of ${type} in encoding ${encoding}, which cannot be read`)
}

/** PLAIN for any page, by its number in the format. */
export const PLAIN = 0

/** parquet.thrift: Encoding. */
const ENCODINGS: Record<number, string> = {
  0: 'plain',
  2: 'dictionary',
  3: 'runs',
  5: 'delta',
  6: 'delta-length',
  7: 'delta-prefix',
  8: 'dictionary',
  9: 'split',
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
  if (count > 0) readDelta(bytes, 0, numbers)
  const { buffer } = numbers
  return { kind: 'fixed', width: numbers.BYTES_PER_ELEMENT, bytes: new Uint8Array(buffer) }
}

/** The lengths, then the texts end to end. */
const deltaLengthPieces = (bytes: Uint8Array, count: number): PageValues => {
  const lengths = new Int32Array(count)
  let at = count > 0 ? readDelta(bytes, 0, lengths) : 0
  const pieces = Array.from(lengths, length => {
    if (length < 0) throw new Error(`a text of ${length} bytes`)
    enough(bytes, at + length)
    at += length
    return bytes.subarray(at - length, at)
  })
  return { kind: 'pieces', pieces }
}

/** Each value is a prefix of the one before and bytes of its own. */
const deltaPieces = (bytes: Uint8Array, count: number, width: number | undefined): PageValues => {
  const prefixes = new Int32Array(count)
  const suffixes = new Int32Array(count)
  let at = count > 0 ? readDelta(bytes, 0, prefixes) : 0
  if (count > 0) at = readDelta(bytes, at, suffixes)
  const lengths = prefixes.map((prefix, i) => prefix + suffixes[i]!)
  if (total(lengths) > LARGEST_TEXTS) throw new Error('texts of more than 256 MB in one page')
  const pieces: Uint8Array[] = []
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
