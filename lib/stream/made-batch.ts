import type { Plan } from './arrow/plan.js'
import type { Cells } from './arrow/cells.js'
import { Batch } from './batch.js'
import { encodeModality } from './encode-modality.js'
import { encodeOther } from './encode-other.js'
import type { ModalityColumn, OtherColumn, StreamSchema } from './types.js'

/** Columns of plain values, all that a schema names. */
export interface MadeColumns {
  rows: number
  modalities: Record<string, ModalityColumn>
  others: Record<string, OtherColumn>
}

/** Turns columns that were made here into batches like those of a stream that was read. */
export const batchMaker = async (
  schema: StreamSchema,
  source: string,
): Promise<(columns: MadeColumns, firstRow: number) => Batch> => {
  const { buildSchema, outputColumns } = await import('./arrow/build-schema.js')
  const adapt = (column: Cells) => column
  const plans = new Map(
    outputColumns(schema, buildSchema(schema)).map((column): [string, Plan] => [
      (column.modality ?? column.other).name,
      { ...column, adapt },
    ]),
  )
  return ({ rows, modalities, others }, firstRow) => {
    const streamRow = (row: number) => firstRow + row
    const column = (name: string): Cells => {
      const plan = plans.get(name)!
      return plan.modality
        ? encodeModality(modalities[name]!, plan.modality, row => `row ${streamRow(row)}`)
        : encodeOther(others[name]!, plan.other, plan.format)
    }
    return new Batch({ source, plans, rows, firstRow, column, streamRow })
  }
}
