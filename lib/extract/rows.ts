import { badData } from '../error.js'
import { isMissing } from './survey.js'
import type { Row } from './features/types.js'
import type { Manifest } from './manifest.js'

/** The rows of a manifest; `idAt` is the place of the id among `columns`, -1 for row numbers. */
export async function* manifestRows(
  manifest: Manifest,
  columns: readonly string[],
  idAt: number,
): AsyncGenerator<Row> {
  let number = 0
  for await (const { line, cells } of manifest.rows(columns)) {
    const cell = idAt < 0 ? String(number) : cells[idAt]!
    if (isMissing(cell) || Array.isArray(cell)) {
      throw badData(
        `${manifest.name}: line ${line}: column '${columns[idAt]}': no id`,
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
