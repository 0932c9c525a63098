import { ArrowReader } from '../stream/arrow/arrow-reader.js'
import { openArrowTable } from '../stream/cell-table.js'
import { holdsNumbers } from '../stream/column-type.js'
import { openSource } from '../stream/source.js'
import type { Choice } from './choose.js'
import { tableRows } from './read-table.js'
import type { Rows } from './table.js'

/**
 * An Arrow file that no pcm program wrote, with columns that a stream has no meaning for: lists of
 * numbers, or rows without an id. Undefined where it is a stream, and to be read as such.
 */
export const foreignArrowRows = async (path: string, choice: Choice): Promise<Rows | undefined> => {
  const source = await openSource(path)
  try {
    const { metadata } = await ArrowReader.open(source)
    if (metadata.has('pcm.schema')) return undefined
  } finally {
    source.close()
  }
  const { columns } = await openArrowTable(path, () => openSource(path))
  const named = columns.some(({ name }) => name === 'id')
  const lists = columns.some(({ type }) => type.is === 'list' && holdsNumbers(type))
  return lists || !named ? tableRows(path, choice) : undefined
}
