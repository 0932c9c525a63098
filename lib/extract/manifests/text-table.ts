import { badData } from '../../error.js'
import { readCsv } from '../../formats/csv.js'
import { readJsonLines } from '../../formats/jsonl.js'
import type { ManifestContent, ManifestFile } from './manifest.js'

/** A column of this name is the id of a table's rows. */
const ID = 'id'

const idOf = (columns: readonly string[]): string | undefined =>
  columns.includes(ID) ? ID : undefined

/** JSON Lines: the columns are the keys of the first object, and later ones may have more. */
export async function openJsonLines({ name, chunks }: ManifestFile): Promise<ManifestContent> {
  for await (const { object } of readJsonLines(chunks(), name)) {
    const columns = Object.keys(object)
    return {
      columns,
      open: true,
      idColumn: idOf(columns),
      async *rows(wanted) {
        for await (const { line, object } of readJsonLines(chunks(), name)) {
          yield { line, cells: wanted.map(column => object[column] ?? null) }
        }
      },
    }
  }
  throw badData(`${name}: holds no objects`)
}

export const openCsv = (file: ManifestFile): Promise<ManifestContent> => openTable(file, false)

export const openTsv = (file: ManifestFile): Promise<ManifestContent> => openTable(file, true)

async function openTable({ name, chunks }: ManifestFile, tabs: boolean): Promise<ManifestContent> {
  const columns = await header(chunks(), name, tabs)
  return {
    columns,
    open: false,
    idColumn: idOf(columns),
    async *rows(wanted) {
      const places = wanted.map(column => columns.indexOf(column))
      let first = true
      for await (const { line, cells } of readCsv(chunks(), name, { tabs })) {
        if (!first) yield { line, cells: places.map(place => cells[place] ?? null) }
        first = false
      }
    },
  }
}

async function header(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  tabs: boolean,
): Promise<string[]> {
  for await (const { cells } of readCsv(chunks, name, { tabs })) {
    const columns = cells.map(cell => String(cell ?? ''))
    const twice = columns.find((column, at) => column !== '' && columns.indexOf(column) !== at)
    if (twice !== undefined) throw badData(`${name}: two columns are named '${twice}'`)
    return columns
  }
  throw badData(`${name}: holds no header`)
}
