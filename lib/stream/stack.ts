import type { Cells } from './arrow/cells.js'
import { concat } from './arrow/concat.js'
import { gather, runsOf } from './arrow/gather.js'
import type { Plan } from './arrow/plan.js'
import { Batch } from './batch.js'
import { encodeOther } from './encode-other.js'
import type { OtherColumn } from './types.js'

/** A row of a batch that is held in memory. */
export interface HeldRow {
  batch: Batch
  row: number
}

/**
 * Rows of several batches of one stream as one batch, in the order given; undefined is a row whose
 * every column is null. `nothing` is a batch of that stream, for the forms of its columns. Columns
 * are put together when they are asked for.
 */
export const stackRows = (nothing: Batch, rows: readonly (HeldRow | undefined)[]): Batch => {
  const places = new Map<Batch, number[]>()
  for (const held of rows) {
    if (!held) continue
    const used = places.get(held.batch)
    if (used) used.push(held.row)
    else places.set(held.batch, [held.row])
  }
  // First the rows that are needed of each batch, then these end to end, then the wanted order.
  let before = 0
  const starts = new Map<Batch, number>()
  for (const [batch, used] of places) {
    starts.set(batch, before)
    before += used.length
  }
  const order = rows.map(held => {
    if (!held) return -1
    const at = starts.get(held.batch)!
    starts.set(held.batch, at + 1)
    return at
  })
  const column = (name: string): Cells => {
    const parts = [...places].map(([batch, used]) => gather(batch.cells(name), runsOf(used)))
    const { form } = nothing.plan(name)
    return gather(parts.length > 0 ? concat(form, parts) : nothing.cells(name), runsOf(order))
  }
  return nothing.with(rows.length, column)
}

/** A column of `sideBySide`: taken from a batch as it is, or made of values for a field of it. */
export interface Beside {
  name: string
  batch: Batch
  values?: OtherColumn
}

/** Columns of several batches with equally many rows as one batch. */
export const sideBySide = (source: string, rows: number, columns: readonly Beside[]): Batch => {
  const of = new Map(columns.map(column => [column.name, column]))
  const plans = new Map<string, Plan>()
  for (const { name, batch } of columns) plans.set(name, settled(batch.plan(name)))
  const column = (name: string): Cells => {
    const { batch, values } = of.get(name)!
    if (!values) return batch.cells(name)
    const plan = batch.plan(name)
    if (!plan.other) throw new Error(`column '${name}' is a modality`)
    return encodeOther(values, { ...plan.other, nullable: true }, plan.format)
  }
  return new Batch({ source, plans, rows, firstRow: 0, column, streamRow: row => row })
}

/** For columns that need no adapting any more. */
const settled = (plan: Plan): Plan => ({ ...plan, adapt: column => column })

/** Bytes of a batch in memory, all of its columns fetched. */
export const bytesInBatch = (batch: Batch): number =>
  batch.names().reduce((sum, name) => sum + bytesIn(batch.cells(name)), 0)

const bytesIn = ({ data, offsets, validity, children }: Cells): number =>
  children.reduce(
    (sum, child) => sum + bytesIn(child),
    data.byteLength + offsets.byteLength + (validity?.byteLength ?? 0),
  )
