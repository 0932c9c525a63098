import { PcmError } from '../error.js'
import type { FilePart } from './file-part.js'

/**
 * One value of a table: JSON's own, or in CSV a text; in an archive also a file, or what is wrong
 * with one, which concerns nobody but who wants it.
 */
export type Cell = null | string | number | boolean | readonly Cell[] | FilePart | PcmError

/** One record, with the line (from 1) it ends on; line 0 where there are no lines. */
export interface TableRow {
  line: number
  cells: readonly Cell[]
}

export const isFilePart = (cell: Cell): cell is FilePart =>
  typeof cell === 'object' && cell !== null && 'offset' in cell

/** What a cell is, for a message that expected something else. */
export const describeCell = (cell: Cell): string => {
  if (cell instanceof PcmError) return cell.message
  return isFilePart(cell) ? 'a file' : Array.isArray(cell) ? 'a list' : JSON.stringify(cell)
}
