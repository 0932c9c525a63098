import { badData } from '../../error.js'
import { withoutAbsent } from '../../stream/absent.js'
import type { Batch } from '../../stream/batch.js'
import { columnsOf } from '../../stream/columns.js'
import type { Sink } from '../../stream/sink.js'
import type { StreamSchema } from '../../stream/types.js'
import type { TableWriter } from '../table.js'
import { partsOf } from './parts.js'
import { SpooledPart } from './spooled-part.js'

/**
 * A writer for files that need to know the size of every array before the first byte: all columns
 * are gathered in temporary files, then `write` puts the file together.
 */
export const gatheredWriter = async (
  sink: Sink,
  schema: StreamSchema,
  format: string,
  write: (parts: readonly SpooledPart[]) => Promise<void>,
): Promise<TableWriter> => {
  const columns = await columnsOf(schema)
  const parts = columns.map(column => partsOf(column, format))
  checkNames(parts.flat().map(({ name }) => name))
  const spooled: { name: string; parts: SpooledPart[] }[] = []
  const close = async () => {
    for (const { parts } of spooled) for (const part of parts) await part.close()
  }
  for (const [i, { name }] of columns.entries())
    spooled.push({ name, parts: await Promise.all(parts[i]!.map(SpooledPart.open)) })
  return {
    async write(batch: Batch) {
      for (const { name, parts } of spooled)
        for (const part of parts) await part.add(withoutAbsent(batch.cells(name)))
    },
    async finish() {
      // Which rows are there is worth telling only where some are not.
      const told = spooled
        .flatMap(({ parts }) => parts)
        .filter(({ part, nulls }) => part.role !== 'present' || nulls > 0)
      await write(told)
      await sink.finish()
    },
    close,
  }
}

/** `x.offsets` may be a column of its own. */
const checkNames = (names: readonly string[]): void => {
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined)
    throw badData(
      `two arrays would be named '${twice}'`,
      'choose what to write with --modality and --column, or write arrow or parquet',
    )
}
