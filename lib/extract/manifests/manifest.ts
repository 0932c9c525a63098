import type { TableRow } from '../../formats/table.js'

/** A table of items that can be read more than once. */
export interface Manifest {
  /** For messages: the path, or `standard input`. */
  readonly name: string
  /** What paths in it are relative to. */
  readonly directory: string
  /** The header of a table; where rows are not all alike, the columns of the first. */
  readonly columns: readonly string[]
  /** True where rows may have columns that `columns` does not know (JSON Lines, archives). */
  readonly open: boolean
  /** The columns of lists of numbers, where the format itself says which they are. */
  readonly lists?: readonly string[]
  /** The column that names the item unless `--id` says otherwise; undefined: row numbers do. */
  readonly idColumn: string | undefined
  /** A digest of what the rows are made from, equal where they are; not of files they name. */
  fingerprint(): Promise<string>
  /** The rows from the first on, each with the cells of `columns` in that order; absent = null. */
  rows(columns: readonly string[]): AsyncGenerator<TableRow>
  close(): Promise<void>
}

/** What a kind of manifest gets to open: a regular file that can be read as often as is wanted. */
export interface ManifestFile {
  readonly name: string
  /** The open file itself, for what lies inside it. */
  readonly descriptor: number
  /** All bytes from the first on; several readings do not disturb each other. */
  chunks(): AsyncGenerator<Uint8Array>
  /** Tells the user what is left out or looks wrong, once. */
  warn(text: string): void
}

/** What a kind makes of it; the file itself is closed by whoever opened it. */
export type ManifestContent = Pick<Manifest, 'columns' | 'open' | 'lists' | 'idColumn' | 'rows'>
