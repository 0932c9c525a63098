/** One value of a table: JSON's own, or in CSV a text. */
export type Cell = null | string | number | boolean | readonly Cell[]

/** One record, with the line (from 1) it ends on. */
export interface TableRow {
  line: number
  cells: readonly Cell[]
}
