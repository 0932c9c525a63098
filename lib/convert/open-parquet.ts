import { openRange } from '../formats/byte-range.js'
import { openParquet } from '../formats/parquet/table.js'
import type { Choice } from './choose.js'
import { restoredRows } from './parquet/restore.js'
import { tableRows } from './read-table.js'
import type { Rows } from './table.js'

/** A Parquet file: what pcm-convert wrote comes back as it was, any other is read as a table. */
export const openParquetRows = async (path: string, choice: Choice): Promise<Rows> => {
  const range = await openRange(path)
  try {
    const rows = await restoredRows(await openParquet(range))
    if (rows) return rows
  } catch (error) {
    await range.close()
    throw error
  }
  await range.close()
  return tableRows(path, choice)
}
