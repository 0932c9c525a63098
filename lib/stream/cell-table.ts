import type { Cells } from './arrow/cells.js'
import type { ColumnInfo } from './columns.js'
import { named, namedAsync } from './named.js'
import type { Source } from './source.js'

/** Some rows of some columns. */
export interface TableBatch {
  rows: number
  /** In the order in which the columns were asked for. */
  cells: Cells[]
}

/** A table of typed columns that pcm gives no meaning to: Parquet, Arrow. */
export interface CellTable {
  /** For messages. */
  readonly name: string
  readonly columns: readonly ColumnInfo[]
  /** The rows from the first on; may be read more than once. */
  batches(columns: readonly string[]): AsyncGenerator<TableBatch, void>
}

/** An Arrow stream or file as a table; it is opened anew for every reading. */
export const openArrowTable = async (
  name: string,
  open: () => Source | Promise<Source>,
): Promise<CellTable> => {
  const { ArrowReader } = await import('./arrow/arrow-reader.js')
  const { columnTypeOf } = await import('./arrow/column-type-of.js')
  const first = await open()
  try {
    const { columns } = await ArrowReader.open(first)
    return {
      name,
      columns: named(name, () =>
        columns.map(({ field }) => ({
          name: field.name,
          type: columnTypeOf(field.type),
          nullable: field.nullable,
        })),
      ),
      async *batches(wanted) {
        const source = await open()
        try {
          const reader = await namedAsync(name, () => ArrowReader.open(source))
          const places = wanted.map(column =>
            reader.columns.findIndex(({ field }) => field.name === column),
          )
          for await (const { rows, cells } of reader.batches())
            yield { rows, cells: places.map(place => cells[place]!) }
        } finally {
          source.close()
        }
      },
    }
  } finally {
    first.close()
  }
}
