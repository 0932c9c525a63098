import { badData } from '../error.js'
import type { Cells } from './arrow/cells.js'
import type { Plan } from './arrow/plan.js'
import { Batch } from './batch.js'
import type { ColumnInfo } from './columns.js'
import { named } from './named.js'
import type { StreamSchema } from './types.js'

/** What a schema message says, for columns that lie in another format than Arrow's. */
export interface Restored {
  schema: StreamSchema
  columns: ColumnInfo[]
  /** A batch of cells, one column each, in the order of `columns`; checked when they are decoded. */
  batch(cells: readonly Cells[], rows: number, firstRow: number): Batch
}

/**
 * The schema of a stream from the message that `schemaMessage` made.
 * @param source for messages
 */
export const restoreSchema = async (message: Uint8Array, source: string): Promise<Restored> => {
  const { decodeMessage } = await import('./arrow/messages.js')
  const { columnTypeOf } = await import('./arrow/column-type-of.js')
  const { parseSchema } = await import('./arrow/parse-schema.js')
  const { formOf, plainField, wireOf } = await import('./arrow/wire.js')
  return named(source, () => {
    // The continuation marker and the length are those of the message in a stream.
    const decoded = decodeMessage(message.slice(8))
    if (decoded.kind !== 'schema') throw badData('damaged: its Arrow schema is none')
    const { fields, metadata } = decoded.schema
    const read = fields.map(field => ({
      field: plainField(field),
      form: formOf(wireOf(field.type)),
    }))
    const { schema, plans } = parseSchema({ metadata, columns: read })
    const byName = new Map(read.map(({ field }, i): [string, Plan] => [field.name, plans[i]!]))
    return {
      schema,
      columns: read.map(({ field: { name, type, nullable } }) => ({
        name,
        type: columnTypeOf(type),
        nullable,
      })),
      batch: (cells, rows, firstRow) =>
        new Batch({
          source,
          plans: byName,
          rows,
          firstRow,
          column: name => cells[read.findIndex(({ field }) => field.name === name)]!,
          streamRow: row => firstRow + row,
        }),
    }
  })
}
