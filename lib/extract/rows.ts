import { badData } from '../error.js'
import { isMissing } from './survey.js'
import type { Row } from './features/types.js'
import type { Manifest } from './manifests/manifest.js'
import type { RowRange } from './shard.js'

/** The rows of a manifest; `idAt` is the place of the id among `columns`, -1 for row numbers. */
export async function* manifestRows(
  manifest: Manifest,
  columns: readonly string[],
  idAt: number,
): AsyncGenerator<Row> {
  let number = 0
  for await (const { line, cells } of manifest.rows(columns)) {
    const cell = idAt < 0 ? String(number) : cells[idAt]!
    if (isMissing(cell) || typeof cell === 'object') {
      const place = line > 0 ? `line ${line}` : `row ${number}`
      throw badData(
        `${manifest.name}: ${place}: column '${columns[idAt]}': no id`,
        'every row needs one; --id names another column',
      )
    }
    yield { number: number++, line, id: String(cell), cells }
  }
}

/** Rows of arrays without a manifest: their numbers are their ids. */
export async function* numberedRows(count: number): AsyncGenerator<Row> {
  for (let number = 0; number < count; number++) {
    yield { number, line: 0, id: String(number), cells: [] }
  }
}

/**
 * The rows of a numbering from `first` on, up to `end`, which is not among them. `passed` is shown
 * the others; without it nothing behind `end` is read.
 */
export async function* between(
  rows: AsyncGenerator<Row>,
  { first, end }: RowRange,
  passed?: (row: Row) => void,
): AsyncGenerator<Row> {
  let next = 0
  for await (const row of rows) {
    next = row.number + 1
    if (row.number >= first && row.number < end) yield row
    else passed?.(row)
    if (next >= end && !passed) return
  }
  if (next >= end) return
  throw badData(`the input became shorter while it was read: ${next} rows, expected ${end}`)
}
