import type { InputSummary } from '../../stream/read.js'
import { openSink } from '../../stream/sink.js'
import type { ProvenanceRecord } from '../../stream/types.js'
import { csv } from './csv.js'
import { flat } from './flat.js'
import { writeMetrics } from './metrics-stream.js'
import type { MetricRecord } from './record.js'

export const REPORT_FORMATS = ['table', 'json', 'csv', 'arrow'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** Metrics on their way out. */
export interface Report {
  /** Adds a record; as JSON it is written at once. */
  add(record: MetricRecord): Promise<void>
  /** Writes what is still to be written. `table` makes the text for people. */
  finish(end: {
    table: () => string
    provenance: ProvenanceRecord[]
    inputs: readonly InputSummary[]
  }): Promise<void>
  abort(): Promise<void>
}

/** Opens `--output` for metrics in one of the formats. */
export const openReport = async (output: string, format: ReportFormat): Promise<Report> => {
  const sink = await openSink(output, { binary: format === 'arrow' })
  const records: MetricRecord[] = []
  const write = (text: string) => sink.write(Buffer.from(text))
  return {
    async add(record) {
      records.push(record)
      if (format === 'json') await write(`${JSON.stringify(record)}\n`)
    },
    async finish({ table, provenance, inputs }) {
      if (format === 'arrow') return writeMetrics(sink, records, provenance, inputs)
      if (format === 'csv') await write(flatCsv(records))
      if (format === 'table') await write(table())
      await sink.finish()
    },
    abort: () => sink.abort(),
  }
}

const flatCsv = (records: readonly MetricRecord[]): string => {
  const { columns, rows } = flat(records)
  return csv(columns, rows)
}
