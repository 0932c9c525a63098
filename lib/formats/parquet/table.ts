import type { RowGroup } from 'hyparquet'
import { badData } from '../../error.js'
import type { CellTable } from '../../stream/cell-table.js'
import { typeText } from '../../stream/column-type.js'
import type { ByteRange } from '../byte-range.js'
import { ColumnReader } from './column-reader.js'
import { columnsIn, type Leaf, type ParquetColumn } from './columns.js'
import { readFooter } from './footer.js'

/** A Parquet file that is read page by page, in memory that does not grow with its row groups. */
export interface ParquetTable extends CellTable {
  /** What it says beside its columns. */
  readonly metadata: ReadonlyMap<string, string>
  close(): Promise<void>
}

/** Bytes that the rows of a batch should have. */
const BATCH_BYTES = 1 << 23
const MOST_ROWS = 65536

/** Opens a Parquet file; throws badData where it is none, or damaged. */
export async function openParquet(range: ByteRange): Promise<ParquetTable> {
  const { name } = range
  const metadata = await readFooter(range)
  const { parquetSchema } = await import('hyparquet')
  const columns = sound(name, () => columnsIn(metadata, parquetSchema))
  const twice = columns.find((column, at) => columns.findIndex(c => c.name === column.name) !== at)
  if (twice) throw badData(`${name}: two columns are named '${twice.name}'`)

  async function* group({ columns: chunks, num_rows }: RowGroup, wanted: readonly string[]) {
    let bytes = 0
    const readers = wanted.map(column => {
      const found = readable(columns, column, name)
      const path = found.leaf.path.join('\0')
      const chunk = chunks.find(({ meta_data }) => meta_data!.path_in_schema.join('\0') === path)
      if (!chunk) throw badData(`${name}: a row group lacks column '${column}'`)
      bytes += Number(chunk.meta_data!.total_uncompressed_size)
      return new ColumnReader(range, chunk, found)
    })
    const rows = Number(num_rows)
    const size = Math.floor(BATCH_BYTES / (bytes / rows + 1))
    const step = Math.min(MOST_ROWS, Math.max(1, size))
    for (let first = 0; first < rows; first += step) {
      const count = Math.min(step, rows - first)
      yield { rows: count, cells: await Promise.all(readers.map(reader => reader.take(count))) }
    }
  }
  return {
    name,
    columns,
    metadata: new Map(
      (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? '']),
    ),
    async *batches(wanted) {
      for (const each of metadata.row_groups) yield* group(each, wanted)
    },
    close: () => range.close(),
  }
}

const readable = (
  columns: readonly ParquetColumn[],
  wanted: string,
  name: string,
): ParquetColumn & { leaf: Leaf } => {
  const column = columns.find(column => column.name === wanted)
  if (!column) throw badData(`${name}: no column '${wanted}'`)
  if (!column.leaf)
    throw badData(
      `${name}: column '${wanted}' is ${typeText(column.type)}, expected text, numbers, booleans or lists of them`,
    )
  return column as ParquetColumn & { leaf: Leaf }
}

const sound = <T>(name: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw badData(`${name}: damaged: its schema cannot be read (${said})`, undefined, error)
  }
}
