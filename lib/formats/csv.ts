import { CsvError, Parser } from 'csv-parse'
import { Readable } from 'node:stream'
import { badData, PcmError } from '../error.js'
import { guardText } from './text-guard.js'
import type { TableRow } from './table.js'

/** A record longer than this is a quote that was never closed, or no table at all. */
const LONGEST_RECORD = 16 << 20

/**
 * Records of a CSV (RFC 4180: quotes may hold commas and line ends) or TSV (no quoting, as
 * text/tab-separated-values has none); the first yields the header. Every record has as many
 * cells as the header. An empty cell is null.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  { tabs }: { tabs: boolean },
): AsyncGenerator<TableRow> {
  const parser = new Parser({
    bom: true,
    delimiter: tabs ? '\t' : ',',
    quote: tabs ? false : '"',
    info: true,
    relax_column_count: false,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
  })
  const source = Readable.from(guardText(chunks, name), { objectMode: false })
  source.on('error', error => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>) {
      yield { line: info.lines, cells: record.map(cell => (cell === '' ? null : cell)) }
    }
  } catch (error) {
    throw error instanceof CsvError ? readable(error, name) : error
  } finally {
    source.destroy()
  }
}

/** What csv-parse found wrong, with the line and what to do. */
const readable = (error: CsvError, name: string): PcmError => {
  const line = `${name}: line ${String(error.lines ?? '?')}`
  switch (error.code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH': {
      const expected = error.message.match(/expect (\d+)/)?.[1]
      const found = Array.isArray(error.record) ? error.record.length : '?'
      return badData(
        `${line}: ${found} cells, expected ${expected} as in the header`,
        'a cell that holds a comma or a line end must be in double quotes',
        error,
      )
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return badData(
        `${name}: record ${Number(error.records) + 1}: a quote is opened and never closed`,
        undefined,
        error,
      )
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return badData(
        `${line}: a quote in the middle of a cell`,
        'quote the whole cell and write "" for a quote inside it',
        error,
      )
    case 'CSV_MAX_RECORD_SIZE':
      return badData(
        `${line}: a record longer than ${LONGEST_RECORD >> 20} MiB`,
        'is there a quote that is never closed?',
        error,
      )
    default:
      return badData(`${line}: ${error.message}`, undefined, error)
  }
}
