import { openParquet } from '../../formats/parquet/table.js'
import { fileRange } from '../../formats/byte-range.js'
import { openArrowTable, type CellTable } from '../../stream/cell-table.js'
import { holdsNumbers } from '../../stream/column-type.js'
import { named } from '../../stream/named.js'
import { valueReader } from '../../stream/values.js'
import type { ManifestContent, ManifestFile } from './manifest.js'

/** A Parquet file; its lists of numbers are vectors, lists of texts are views. */
export const openParquetManifest = async (file: ManifestFile): Promise<ManifestContent> =>
  contentOf(await openParquet(await fileRange(file.name, file.descriptor)))

/** An Arrow stream or file, by the same rules. */
export const openArrowManifest = async (file: ManifestFile): Promise<ManifestContent> =>
  contentOf(
    await openArrowTable(file.name, () => ({
      name: file.name,
      close: () => {},
      [Symbol.asyncIterator]: () => file.chunks(),
    })),
  )

const contentOf = (table: CellTable): ManifestContent => {
  const types = new Map(table.columns.map(({ name, type }) => [name, type]))
  return {
    columns: [...types.keys()],
    open: false,
    lists: table.columns.filter(({ type }) => holdsNumbers(type)).map(({ name }) => name),
    idColumn: types.has('id') ? 'id' : undefined,
    async *rows(wanted) {
      const known = wanted.filter(name => types.has(name))
      const places = wanted.map(name => known.indexOf(name))
      let row = 0
      for await (const { rows, cells } of table.batches(known)) {
        const read = cells.map((column, i) => {
          const name = known[i]!
          return named(`${table.name}: column '${name}'`, () =>
            valueReader(column, types.get(name)!),
          )
        })
        for (let slot = 0; slot < rows; slot++, row++) {
          const values = read.map((value, i) =>
            named(`${table.name}: row ${row}: column '${known[i]}'`, () => value(slot)),
          )
          yield { line: 0, cells: places.map(place => (place < 0 ? null : values[place]!)) }
        }
      }
    },
  }
}
