import type { PcmError } from '../../error.js'
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

/**
 * Told of a row (by its place in the block) that cannot be used. It throws where that ends the run;
 * otherwise the row lacks the modality.
 */
export type Report = (index: number, error: PcmError) => void

/** Ends the run at the first row that cannot be used. */
export const failAtOnce: Report = (_, error) => {
  throw error
}

/** Makes one modality column, block by block. */
export interface Feature {
  readonly field: ModalityField
  read(block: Block, report: Report): Promise<ModalityColumn>
  close(): Promise<void>
}

/** Names a row in messages: the manifest's line where there is one, and an id that is no number. */
export const rowName = ({ line, number, id }: Row): string => {
  const place = line > 0 ? `line ${line}` : `row ${number}`
  return line > 0 || id !== String(number) ? `${place} (id '${id}')` : place
}
