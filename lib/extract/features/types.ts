import type { Cell } from '../../formats/table.js'
import type { ModalityColumn, ModalityField } from '../../stream/types.js'

/** One row of the input. `cells` are those of the manifest columns that are wanted. */
export interface Row {
  /** Its number in the whole input, from 0. */
  number: number
  /** Its line in the manifest; 0 without one. */
  line: number
  id: string
  cells: readonly Cell[]
}

/** Some rows in order, turned into columns together. */
export type Block = readonly Row[]

/** Makes one modality column, block by block. */
export interface Feature {
  readonly field: ModalityField
  read(block: Block): Promise<ModalityColumn>
  close(): Promise<void>
}

/** Names a row in messages: the manifest's line where there is one. */
export const rowName = (row: Row): string =>
  row.line > 0 ? `line ${row.line} (id '${row.id}')` : `row ${row.number}`
