import { badData } from '../error.js'
import { guardText } from '../formats/text-guard.js'
import { collect } from '../stream/collect.js'
import type { InputStream } from '../stream/read.js'
import type { Source } from '../stream/source.js'
import type { ProvenanceRecord } from '../stream/types.js'
import type { Where } from '../stream/where.js'
import { isObject } from '../charts/reading.js'

/** Records of metrics, and what is known of where they are from. */
export interface MetricsInput {
  records: { record: Record<string, unknown>; where: string }[]
  provenance: ProvenanceRecord[]
}

/** Far more than any evaluation writes. */
const MOST_BYTES = 1 << 28

/** Reads JSON Lines, one record a line; blank lines are skipped, and what fails a `where`. */
export const readRecords = async (
  source: Source,
  where: readonly Where[],
): Promise<MetricsInput> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of guardText(source, source.name)) {
    if ((bytes += chunk.length) > MOST_BYTES)
      throw badData(`${source.name}: more than 256 MB, expected metrics`)
    chunks.push(chunk)
  }
  const lines = Buffer.concat(chunks).toString('utf8').split('\n')
  const records = lines.flatMap((line, at) =>
    line.trim() === '' ? [] : [recordOf(line, `${source.name}: line ${at + 1}`)],
  )
  const wanted = ({ record }: (typeof records)[number]) =>
    where.every(({ column, values }) => values.has(String(record[column] ?? '')))
  return { records: records.filter(wanted), provenance: [] }
}

const recordOf = (line: string, where: string) => {
  try {
    const record: unknown = JSON.parse(line)
    if (isObject(record)) return { record, where }
  } catch {
    // Said below, whatever it was.
  }
  throw badData(`${where}: expected a JSON object`, 'pcm-eval --format json writes such lines')
}

/** Reads a stream of metrics: lists come back from `a+b`, what nests from JSON. */
export const metricsOfStream = async (stream: InputStream): Promise<MetricsInput> => {
  const names = stream.schema.others.map(({ name }) => name)
  const { rows, others } = await collect(stream, { modalities: [], others: names })
  const records = Array.from({ length: rows }, (_, row) => ({
    record: Object.fromEntries(
      names.map(name => [name, unflat(name, others[name]!.values[row] ?? null)]),
    ),
    where: `${stream.name}: row ${row}`,
  }))
  return { records, provenance: stream.schema.provenance }
}

const LISTS = new Set(['query', 'gallery'])

const unflat = (name: string, value: string | number | bigint | boolean | null): unknown => {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string') return value
  if (LISTS.has(name)) return value.split('+')
  if (!value.startsWith('{')) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
