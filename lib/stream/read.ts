import type { ArrowReader } from './arrow/arrow-reader.js'
import { emptyCells } from './arrow/cells.js'
import type { Plan } from './arrow/plan.js'
import { Batch } from './batch.js'
import type { InputSummary } from './closing.js'
import type { Forgive } from './forgive.js'
import { named } from './named.js'
import { openSource, type Source } from './source.js'
import type { Content, StreamSchema } from './types.js'
import { checkWhere, filterRows, type Where } from './where.js'

export type { InputSummary } from './closing.js'

/** A stream that is being read, batch by batch, in order, once. */
export interface InputStream extends AsyncIterable<Batch> {
  /** For messages: the path, or `standard input`. */
  readonly name: string
  readonly schema: StreamSchema
  /** A batch without rows: the columns and their forms, known before anything is read. */
  nothing(): Batch
  /** What was read, selected or not; known after the last batch. */
  summary(): InputSummary
  /** Stops reading early; harmless after the end. */
  close(): Promise<void>
}

export interface ReadOptions {
  /** The contents that will do; the first is assumed of streams that other programs wrote. */
  expect?: Content[]
  /** Only rows that satisfy all of these. */
  where?: Where[]
  /** Modalities with numbers that are none are taken as missing, and this is told which. */
  forgive?: Forgive | undefined
}

/**
 * Opens an Arrow stream or file, `-` being standard input, and checks its schema. Bad data is exit
 * 65 with file, column and row, found here or while reading: rows count only once the iteration
 * has ended without an error, since truncation shows at the end.
 */
export const openStream = async (path: string, options: ReadOptions = {}): Promise<InputStream> =>
  readStream(await openSource(path), options)

/** The same from a source that is open already. */
export const readStream = async (
  source: Source,
  { where = [], expect, forgive }: ReadOptions = {},
): Promise<InputStream> => {
  try {
    const { ArrowReader } = await import('./arrow/arrow-reader.js')
    const { parseSchema } = await import('./arrow/parse-schema.js')
    const reader = await ArrowReader.open(source)
    const { schema, plans } = named(source.name, () => parseSchema(reader, expect))
    named(source.name, () => checkWhere(where, schema))
    return {
      name: source.name,
      schema,
      nothing: () => batchWithoutRows(reader, plans),
      summary: () => reader.summary,
      close: async () => source.close(),
      async *[Symbol.asyncIterator]() {
        try {
          yield* selected(reader, plans, where, forgive)
          fillIn(schema, reader.summary)
        } finally {
          source.close()
        }
      },
    }
  } catch (error) {
    source.close()
    throw error
  }
}

/** Batches of the rows that satisfy all of `where`; batches without such rows are left out. */
async function* selected(
  reader: ArrowReader,
  plans: readonly Plan[],
  where: readonly Where[],
  forgive: Forgive | undefined,
): AsyncGenerator<Batch, void> {
  const names = reader.columns.map(({ field }) => field.name)
  const planOf = new Map(names.map((name, i) => [name, plans[i]!]))
  let before = 0
  for await (const { rows, firstRow, cells } of reader.batches()) {
    const batch = new Batch({
      source: reader.name,
      plans: planOf,
      rows,
      firstRow: before,
      column: name => cells[names.indexOf(name)]!,
      streamRow: row => firstRow + row,
      forgive,
    })
    const rowsKept = filterRows(batch, where)
    const kept = rowsKept ? batch.select(rowsKept) : batch
    if (kept.rows > 0) yield kept
    before += kept.rows
  }
}

const batchWithoutRows = (reader: ArrowReader, plans: readonly Plan[]): Batch => {
  const settled = plans.map((plan): Plan => ({ ...plan, adapt: column => column }))
  const planOf = new Map(reader.columns.map(({ field }, i) => [field.name, settled[i]!]))
  return new Batch({
    source: reader.name,
    plans: planOf,
    rows: 0,
    firstRow: 0,
    column: name => emptyCells(planOf.get(name)!.form),
    streamRow: row => row,
  })
}

/** What the last program had read is told by the closing batch only. */
const fillIn = ({ provenance }: StreamSchema, { inputs }: InputSummary): void => {
  const last = provenance.at(-1)
  if (last && inputs?.length && !last.inputs) last.inputs = inputs
}
