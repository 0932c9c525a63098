import type { Form, Cells } from './arrow/cells.js'
import type { Batch } from './batch.js'
import type { InputSummary } from './closing.js'
import { encodeModality } from './encode-modality.js'
import { encodeOther } from './encode-other.js'
import { ofColumn } from './named.js'
import type { NumberFormat } from './number-format.js'
import { inputsOf } from './provenance.js'
import type { Sink } from './sink.js'
import type {
  ModalityColumn,
  ModalityField,
  OtherColumn,
  OtherField,
  StreamSchema,
} from './types.js'

export { rowsPerBatch } from './rows-per-batch.js'

/** Rows to be written. Columns of the schema that are not given are copied from `from`. */
export interface OutputBatch {
  rows: number
  modalities?: Record<string, ModalityColumn>
  others?: Record<string, OtherColumn>
  /** Nulls, Float16 and types that pcm cannot read are copied untouched. */
  from?: Batch
}

/** A stream that is being written. Without `finish` no reader will accept it. */
export interface OutputStream {
  /** Writes one record batch and resolves when the sink has taken it. */
  write(batch: OutputBatch): Promise<void>
  /** Counts a batch that lies in the sink already, written by an earlier process. */
  adopt(batch: Batch): Promise<void>
  /** Writes the closing batch and the end marker, then finishes the sink. */
  finish(inputs?: readonly InputSummary[]): Promise<void>
  /** Writes nothing more and aborts the sink. */
  abort(): Promise<void>
}

/** One column to be written: its words, and how it lies in memory. */
export type OutputColumn = { form: Form } & (
  | { modality: ModalityField; other?: undefined }
  | { modality?: undefined; other: OtherField; format: NumberFormat | undefined }
)

/**
 * A stream into `sink`. The schema is written with the first batch (or by `finish`); each batch is
 * written at once, as it is. Values that readers would refuse throw badData with column and row.
 * With `file` it is an Arrow file (Feather version 2), not a stream.
 */
export const createStream = (
  sink: Sink,
  schema: StreamSchema,
  { file = false }: { file?: boolean } = {},
): OutputStream => {
  // Arrow is loaded when it is needed, so that `--help` need not wait for it.
  let opened: Promise<Awaited<ReturnType<typeof open>>> | undefined
  const start = () => (opened ??= open(sink, schema, file))
  let before = 0
  return {
    async write(batch) {
      const { writer, columns } = await start()
      const row = (slot: number) => `row ${before + slot}`
      const cells = columns.map(column => cellsOf(column, batch, row))
      await writer.write(batch.rows, cells)
      before += batch.rows
    },
    async adopt(batch) {
      const { writer, columns } = await start()
      writer.adopt(
        batch.rows,
        columns.map(column => batch.cells((column.modality ?? column.other).name)),
      )
      before += batch.rows
    },
    async finish(inputs = []) {
      const { writer } = await start()
      await writer.finish(inputsOf(schema.provenance, inputs))
      await sink.finish()
    },
    abort: () => sink.abort(),
  }
}

const open = async (sink: Sink, schema: StreamSchema, file: boolean) => {
  const { ArrowWriter } = await import('./arrow/arrow-writer.js')
  const { buildSchema, outputColumns } = await import('./arrow/build-schema.js')
  const arrow = buildSchema(schema)
  return { writer: new ArrowWriter(sink, arrow, { file }), columns: outputColumns(schema, arrow) }
}

type RowName = (row: number) => string

const cellsOf = (column: OutputColumn, batch: OutputBatch, row: RowName): Cells => {
  const field = column.modality ?? column.other
  const cells = ofColumn(field, () =>
    column.modality
      ? modalityCells(column.modality, column.form, batch, row)
      : otherCells(column.other, column.form, column.format, batch),
  )
  if (cells.length === batch.rows) return cells
  throw new Error(`column '${field.name}' has ${cells.length} rows in a batch of ${batch.rows}`)
}

const modalityCells = (
  field: ModalityField,
  form: Form,
  batch: OutputBatch,
  row: RowName,
): Cells => {
  const given = own(batch.modalities, field.name)
  if (given) return encodeModality(given, field, row)
  const source = sourceOf(field, batch)
  const cells = source.cells(field.name)
  const same = sameForm(cells.form, form) && !cells.children.some(hasNulls)
  return same ? cells : encodeModality(source.modality(field.name), field, row)
}

const otherCells = (
  field: OtherField,
  form: Form,
  format: NumberFormat | undefined,
  batch: OutputBatch,
): Cells => {
  const given = own(batch.others, field.name)
  if (given) return encodeOther(given, field, format)
  const cells = sourceOf(field, batch).cells(field.name)
  if (!sameForm(cells.form, form)) throw new Error(`column '${field.name}' has another type`)
  return cells
}

/** A column may be called `constructor`. */
const own = <T>(columns: Record<string, T> | undefined, name: string): T | undefined =>
  columns && Object.hasOwn(columns, name) ? columns[name] : undefined

const sourceOf = ({ name }: { name: string }, { from }: OutputBatch): Batch => {
  if (from) return from
  throw new Error(`column '${name}' is neither given nor copied`)
}

const sameForm = (a: Form, b: Form): boolean => JSON.stringify(a) === JSON.stringify(b)

const hasNulls = ({ nulls, children }: Cells): boolean => nulls > 0 || children.some(hasNulls)
