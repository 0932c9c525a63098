import type { Sink } from '../stream/sink.js'
import type { Batch } from '../stream/batch.js'
import type { ModalityField, ProvenanceRecord } from '../stream/types.js'
import { provenance } from '../stream/provenance.js'
import { checkWhere, filterRows, type Where } from '../stream/where.js'
import { choose, type Choice } from './choose.js'
import type { Format } from './format.js'
import { lossesOf } from './losses.js'
import { openInput } from './open-input.js'
import type { Rows, TableWriter } from './table.js'
import { openWriter, type Missing } from './open-writer.js'

export interface Conversion {
  input: string
  from: Format | undefined
  to: Format
  choice: Choice
  where: readonly Where[]
  missing: Missing
  /** This program's own record, and whether it leaves out what differs between runs. */
  record: ProvenanceRecord
  noPg: boolean
  /** Is told, before anything is written, what the format has no place for. */
  tell(text: string): void
}

/** Copies rows from one format to another; returns how many, and how many were left out. */
export const convert = async (
  { input, from, to, choice, where, missing, record, noPg, tell }: Conversion,
  sink: Sink,
  progress: { update(done: number): void },
): Promise<{ written: number; dropped: number }> => {
  try {
    const rows = await openInput(input, from, choice)
    try {
      checkWhere(where, rows.schema)
      const schema = choose(rows.schema, input, choice)
      const lost = lossesOf(to, schema)
      if (lost.length > 0) tell(`${to} does not hold ${lost.join(', ')}`)
      schema.provenance = provenance(schema.provenance, record, { noPg })
      const writer = await openWriter(to, sink, schema, { choice, missing })
      return await copy(
        rows,
        writer,
        { where, needed: missing === 'drop' ? schema.modalities : [] },
        progress,
      )
    } finally {
      await rows.close()
    }
  } catch (error) {
    await sink.abort()
    throw error
  }
}

/** @param needed rows without one of these modalities are left out */
const copy = async (
  rows: Rows,
  writer: TableWriter,
  { where, needed }: { where: readonly Where[]; needed: readonly ModalityField[] },
  progress: { update(done: number): void },
): Promise<{ written: number; dropped: number }> => {
  let written = 0
  let dropped = 0
  try {
    for await (const batch of rows.batches()) {
      const chosen = selected(batch, filterRows(batch, where), written)
      const kept = selected(chosen, presentRows(chosen, needed), written)
      dropped += chosen.rows - kept.rows
      if (kept.rows > 0) await writer.write(kept)
      progress.update((written += kept.rows))
    }
    await writer.finish(rows.summaries())
    return { written, dropped }
  } finally {
    await writer.close()
  }
}

const selected = (batch: Batch, rows: Int32Array | undefined, firstRow: number): Batch =>
  rows ? batch.select(rows, firstRow) : batch

/** The rows that have every modality; undefined where all do. */
const presentRows = (
  batch: Batch,
  modalities: readonly ModalityField[],
): Int32Array | undefined => {
  const present = modalities.map(({ name }) => batch.modality(name).present)
  if (present.every(rows => rows.every(there => there !== 0))) return undefined
  const rows = Array.from({ length: batch.rows }, (_, row) => row)
  return Int32Array.from(rows.filter(row => present.every(there => there[row] !== 0)))
}
