import type { InputSummary } from './closing.js'
import { Batch } from './batch.js'
import { namedAsync } from './named.js'
import { openSource } from './source.js'
import type { Content, StreamSchema } from './types.js'
import { checkWhere, filterRows, type Where } from './where.js'

export type { InputSummary } from './closing.js'

/** A stream that is being read, batch by batch, in order, once. */
export interface InputStream extends AsyncIterable<Batch> {
  /** For messages: the path, or `standard input`. */
  readonly name: string
  readonly schema: StreamSchema
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
}

/**
 * Opens an Arrow stream or file, `-` being standard input, and checks its schema. Bad data is exit
 * 65 with file, column and row, found here or while reading: rows count only once the iteration
 * has ended without an error, since truncation shows at the end.
 */
export const openStream = async (path: string, options: ReadOptions = {}): Promise<InputStream> => {
  const { where = [], expect } = options
  const source = await openSource(path)
  try {
    const { ArrowReader } = await import('./arrow/arrow-reader.js')
    const { parseSchema } = await import('./arrow/parse-schema.js')
    const reader = await ArrowReader.open(source)
    const { schema, plans } = await namedAsync(source.name, async () => {
      const parsed = parseSchema(reader, expect)
      checkWhere(where, parsed.schema)
      return parsed
    })
    const index = new Map(reader.columns.map(({ field }, i) => [field.name, i]))
    const planOf = new Map(plans.map((plan, i) => [reader.columns[i]!.field.name, plan]))
    async function* batches(): AsyncGenerator<Batch, void> {
      let before = 0
      try {
        for await (const { rows, firstRow, cells } of reader.batches()) {
          const batch = new Batch({
            source: source.name,
            plans: planOf,
            rows,
            firstRow: before,
            column: name => cells[index.get(name)!]!,
            streamRow: row => firstRow + row,
          })
          const kept = filterRows(batch, where)
          if (kept?.length === 0) continue
          before += kept?.length ?? rows
          yield kept ? batch.select(kept) : batch
        }
        fillIn(schema, reader.summary)
      } finally {
        source.close()
      }
    }
    return {
      name: source.name,
      schema,
      summary: () => reader.summary,
      close: async () => source.close(),
      [Symbol.asyncIterator]: batches,
    }
  } catch (error) {
    source.close()
    throw error
  }
}

/** What the last program had read is told by the closing batch only. */
const fillIn = ({ provenance }: StreamSchema, { inputs }: InputSummary): void => {
  const last = provenance.at(-1)
  if (last && inputs && !last.inputs) last.inputs = inputs
}
