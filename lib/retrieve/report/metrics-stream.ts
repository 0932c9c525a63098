import type { InputSummary } from '../../stream/read.js'
import type { Sink } from '../../stream/sink.js'
import type { OtherColumn, OtherField, ProvenanceRecord } from '../../stream/types.js'
import { createStream } from '../../stream/write.js'
import { flat, type FlatValue } from './flat.js'
import type { MetricRecord } from './record.js'

/** Writes records as a stream with `pcm.content` = `metrics`, a column a key. */
export const writeMetrics = async (
  sink: Sink,
  records: readonly MetricRecord[],
  provenance: ProvenanceRecord[],
  inputs: readonly InputSummary[],
): Promise<void> => {
  const { columns, rows } = flat(records)
  const values = (name: string) => rows.map(row => row[name]!)
  const stream = createStream(sink, {
    content: 'metrics',
    modalities: [],
    others: columns.map(name => fieldOf(name, values(name))),
    provenance,
    metadata: new Map(),
  })
  const others = columns.map((name): [string, OtherColumn] => [
    name,
    { layout: 'other', values: values(name) },
  ])
  await stream.write({ rows: records.length, others: Object.fromEntries(others) })
  await stream.finish(inputs)
}

/** Counts by name, whatever their values: the schema must not depend on the numbers. */
const COUNTS = new Set('queries pool directions classes items'.split(' '))

const fieldOf = (name: string, values: readonly FlatValue[]): OtherField => ({
  name,
  type: COUNTS.has(name)
    ? 'integer'
    : values.some(value => typeof value === 'number')
      ? 'real'
      : 'text',
  nullable: true,
  metadata: new Map(),
})
