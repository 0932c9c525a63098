import type { FileMetaData } from 'hyparquet'
import { badData, PcmError } from '../../error.js'
import type { ByteRange } from '../byte-range.js'
import { readStruct } from './thrift.js'

/** Footers grow with row groups times columns; beyond this a file is a mistake. */
const LARGEST_FOOTER = 1 << 28
const MAGIC = 'PAR1'

/** What the footer of a Parquet file says, checked as far as reading on depends on it. */
export async function readFooter(range: ByteRange): Promise<FileMetaData> {
  const { name, length } = range
  if (length < 12) throw badData(`${name}: not a Parquet file: ${length} bytes`)
  const tail = await range.read(length - 8, 8)
  const magic = tail.toString('latin1', 4)
  if (magic === 'PARE') throw badData(`${name}: an encrypted Parquet file, which cannot be read`)
  if (magic !== MAGIC) {
    throw badData(`${name}: not a Parquet file, or cut short: it does not end with ${MAGIC}`)
  }
  const size = tail.readUInt32LE(0)
  if (size > length - 12 || size > LARGEST_FOOTER) {
    throw badData(`${name}: damaged: claims a footer of ${size} bytes`)
  }
  const bytes = await range.read(length - 8 - size, size + 8)
  try {
    // Its counts are checked before the package believes them.
    if (readStruct(bytes).end > size) throw new Error('it is longer than it says')
    const { parquetMetadata } = await import('hyparquet')
    const own = new Uint8Array(bytes)
    const metadata = parquetMetadata(own, { geoparquet: false })
    check(metadata, length)
    return metadata
  } catch (error) {
    if (error instanceof PcmError) throw error
    const said = error instanceof Error ? error.message : String(error)
    throw badData(`${name}: damaged: its footer cannot be read (${said})`, undefined, error)
  }
}

/** Counts and places that later code relies on. */
const check = ({ num_rows, row_groups, schema }: FileMetaData, length: number): void => {
  if (!schema.every(({ name }) => typeof name === 'string'))
    throw new Error('a column without a name')
  let rows = 0n
  for (const group of row_groups) {
    if (typeof group.num_rows !== 'bigint' || group.num_rows < 0n)
      throw new Error('a row group without rows')
    rows += group.num_rows
    for (const { meta_data: chunk, file_path: path } of group.columns) {
      if (path) throw new Error('its data lie in other files')
      if (!chunk) throw new Error('a column without metadata')
      const start = chunk.dictionary_page_offset ?? chunk.data_page_offset
      const sizes = [chunk.total_compressed_size, chunk.total_uncompressed_size, chunk.num_values]
      if (![start, chunk.data_page_offset, ...sizes].every(isCount))
        throw new Error('a column without a place')
      if (!Array.isArray(chunk.path_in_schema)) throw new Error('a column without a path')
      if (start + chunk.total_compressed_size > BigInt(length))
        throw new Error('a column lies outside of the file')
    }
  }
  if (rows !== num_rows || rows > BigInt(Number.MAX_SAFE_INTEGER))
    throw new Error(`${num_rows} rows, its row groups have ${rows}`)
}

const isCount = (value: unknown): boolean => typeof value === 'bigint' && value >= 0n
