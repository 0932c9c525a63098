import { badData } from '../../error.js'
import { restoreSchema } from '../../stream/restored.js'
import { rowsPerBatch } from '../../stream/rows-per-batch.js'
import type { Rows } from '../table.js'
import { cellsReader } from './cells-reader.js'
import { ARROW_SCHEMA } from './meta.js'
import type { StoredArrays } from './stored.js'

/** The rows that a pcm program wrote as arrays; undefined where another program wrote them. */
export const restoredRows = async (stored: StoredArrays): Promise<Rows | undefined> => {
  const text = stored.metadata.get(ARROW_SCHEMA)
  if (text === undefined) return undefined
  const { schema, columns, batch } = await restoreSchema(Buffer.from(text, 'base64'), stored.name)
  const readers = columns.map(column => cellsReader(stored, column))
  const rows = readers[0]?.slots ?? 0
  readers.forEach(({ slots }, i) => {
    if (slots !== rows)
      throw badData(
        `${stored.name}: column '${columns[i]!.name}' has ${slots} rows, '${columns[0]!.name}' has ${rows}`,
      )
  })
  const size = rowsPerBatch(schema)
  return {
    schema,
    async *batches() {
      for (let first = 0; first < rows; first += size) {
        const count = Math.min(size, rows - first)
        const cells = await Promise.all(readers.map(({ read }) => read(first, count)))
        yield batch(cells, count, first)
      }
    },
    summaries: () => [],
    close: () => stored.close(),
  }
}
