import type { Cells } from '../stream/arrow/cells.js'
import type { ColumnInfo } from '../stream/columns.js'

/** Some rows of some columns. */
export interface TableBatch {
  rows: number
  /** In the order in which the columns were asked for. */
  cells: Cells[]
}

/** A table of typed columns: Parquet, or Arrow that another program wrote. */
export interface CellTable {
  /** For messages. */
  readonly name: string
  readonly columns: readonly ColumnInfo[]
  readonly metadata: ReadonlyMap<string, string>
  /** The rows from the first on; may be read more than once. */
  batches(columns: readonly string[], rows: number): AsyncGenerator<TableBatch, void>
  close(): Promise<void>
}
