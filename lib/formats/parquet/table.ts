import { badData } from '../../error.js'
import { typeText } from '../../stream/column-type.js'
import type { ByteRange } from '../byte-range.js'
import type { CellTable } from '../cell-table.js'
import { ColumnReader } from './column-reader.js'
import { columnsIn, type Leaf, type ParquetColumn } from './columns.js'
import { readFooter } from './footer.js'

/** A Parquet file that is read page by page, in memory that does not grow with its row groups. */
export interface ParquetTable extends CellTable {
  readonly rows: number
  /** Rows of each row group. */
  readonly groups: readonly number[]
  /** The rows of one row group. */
  group(at: number, columns: readonly string[], rows: number): ReturnType<CellTable['batches']>
}

/** Opens a Parquet file; throws badData where it is none, or damaged. */
export async function openParquet(range: ByteRange): Promise<ParquetTable> {
  const { name } = range
  const metadata = await readFooter(range)
  const { parquetSchema } = await import('hyparquet')
  const columns = sound(name, () => columnsIn(metadata, parquetSchema))
  const twice = columns.find((column, at) => columns.findIndex(c => c.name === column.name) !== at)
  if (twice) throw badData(`${name}: two columns are named '${twice.name}'`)
  const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows))

  async function* group(at: number, wanted: readonly string[], size: number) {
    const { columns: chunks } = metadata.row_groups[at]!
    const readers = wanted.map(column => {
      const found = readable(columns, column, name)
      const chunk = chunks.find(
        ({ meta_data }) => meta_data!.path_in_schema.join('\0') === found.leaf.path.join('\0'),
      )
      if (!chunk) throw badData(`${name}: row group ${at} lacks column '${column}'`)
      return new ColumnReader(range, chunk, found)
    })
    const rows = groups[at]!
    for (let first = 0; first < rows; first += size) {
      const count = Math.min(size, rows - first)
      yield { rows: count, cells: await Promise.all(readers.map(reader => reader.take(count))) }
    }
  }
  return {
    name,
    columns,
    rows: groups.reduce((sum, rows) => sum + rows, 0),
    groups,
    metadata: new Map(
      (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? '']),
    ),
    group,
    async *batches(wanted, rows) {
      for (const at of groups.keys()) yield* group(at, wanted, rows)
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
