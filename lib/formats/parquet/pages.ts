import type { ColumnChunk } from 'hyparquet'
import type { ByteRange } from '../byte-range.js'
import type { Leaf } from './columns.js'
import { openDecompress, type Decompress } from './decompress.js'
import { bitsFor, readHybrid } from './hybrid.js'
import { readPageHeader, type PageHeader } from './page-header.js'
import { PLAIN, readValues, type PageValues } from './page-values.js'

/** One page: an entry for every value, null and empty list; values only where there are some. */
export interface Page {
  entries: number
  /** How far each entry is defined, and where it repeats; undefined where the schema says so already. */
  definition: Uint8Array | undefined
  repetition: Uint8Array | undefined
  values: PageValues
}

/** A header is short; it may hold the smallest and largest value, which are texts. */
const HEADER_ROOM = 1 << 16

/** The data pages of one column in one row group, read one at a time. */
export async function* pagesOf(
  range: ByteRange,
  { meta_data: chunk }: ColumnChunk,
  leaf: Leaf,
): AsyncGenerator<Page, void> {
  const { codec, num_values, dictionary_page_offset, data_page_offset, total_compressed_size } =
    chunk!
  const decompress = await openDecompress(codec)
  // Some writers give 0 where there is no dictionary.
  const start = Number(dictionary_page_offset || data_page_offset)
  const end = start + Number(total_compressed_size)
  let dictionary: PageValues | undefined
  let left = Number(num_values)
  for (let at = start; left > 0;) {
    if (at >= end) throw new Error(`${left} values fewer than the footer says`)
    const room = await range.read(at, Math.min(HEADER_ROOM, end - at))
    const { header, end: length } = readPageHeader(room)
    at += length
    if (header.packedBytes > end - at) throw new Error('a page lies outside of its column')
    const body = await range.read(at, header.packedBytes)
    at += header.packedBytes
    if (header.kind === 'dictionary') {
      const bytes = decompress(body, header.bytes)
      dictionary = readValues(bytes, PLAIN, header.values, shapeOf(leaf), undefined)
      continue
    }
    if (header.kind === 'other') continue
    const read = header.kind === 'data' ? pageV1 : pageV2
    const page = read(body, header, leaf, decompress, dictionary)
    if (page.entries > left) throw new Error('more values than the footer says')
    left -= page.entries
    if (page.entries > 0) yield page
  }
}

/** The highest levels that entries can have. */
const mostLevels = ({ steps }: Leaf) => ({
  definition: steps.length,
  repetition: steps.filter(step => step === 'repeated').length,
})

/** Levels and values are compressed together; levels begin with their length. */
const pageV1 = (
  body: Uint8Array,
  header: PageHeader,
  leaf: Leaf,
  decompress: Decompress,
  dictionary: PageValues | undefined,
): Page => {
  const { values: entries, encoding } = header
  const bytes = decompress(body, header.bytes)
  let at = 0
  const levels = (most: number): Uint8Array | undefined => {
    if (most === 0) return undefined
    if (at + 4 > bytes.byteLength) throw new Error('levels are cut short')
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const length = view.getUint32(at, true)
    const start = at + 4
    at = start + length
    if (at > bytes.byteLength) throw new Error('levels are cut short')
    return readLevels(bytes.subarray(start, at), entries, most)
  }
  const most = mostLevels(leaf)
  const repetition = levels(most.repetition)
  const definition = levels(most.definition)
  return finished({ entries, definition, repetition }, most.definition, count =>
    readValues(bytes.subarray(at), encoding, count, shapeOf(leaf), dictionary),
  )
}

/** Levels come first, uncompressed, their lengths in the header. */
const pageV2 = (
  body: Uint8Array,
  header: PageHeader,
  leaf: Leaf,
  decompress: Decompress,
  dictionary: PageValues | undefined,
): Page => {
  const { values: entries, encoding, repetitionBytes, definitionBytes } = header
  const levelBytes = repetitionBytes + definitionBytes
  if (levelBytes > Math.min(body.byteLength, header.bytes)) throw new Error('levels are cut short')
  const most = mostLevels(leaf)
  const levels = (start: number, length: number, highest: number) =>
    highest === 0 ? undefined : readLevels(body.subarray(start, start + length), entries, highest)
  const repetition = levels(0, repetitionBytes, most.repetition)
  const definition = levels(repetitionBytes, definitionBytes, most.definition)
  const packed = body.subarray(levelBytes)
  const bytes = header.compressed ? decompress(packed, header.bytes - levelBytes) : packed
  return finished({ entries, definition, repetition }, most.definition, count =>
    readValues(bytes, encoding, count, shapeOf(leaf), dictionary),
  )
}

const readLevels = (bytes: Uint8Array, entries: number, most: number): Uint8Array => {
  const levels = new Uint8Array(entries)
  readHybrid(bytes, 0, bitsFor(most), levels, most)
  return levels
}

/** Only entries that are wholly defined have a value. */
const finished = (
  levels: Omit<Page, 'values'>,
  most: number,
  values: (count: number) => PageValues,
): Page => {
  let count = levels.entries
  if (levels.definition) {
    count = 0
    for (const level of levels.definition) if (level === most) count++
  }
  return { ...levels, values: values(count) }
}

const shapeOf = ({ element }: Leaf) => ({ type: element.type!, typeLength: element.type_length })
