import { flat, type FlatValue } from './flat.js'
import type { MetricRecord } from './record.js'

/** Records as CSV (RFC 4180, but lines end as Unix has them), with a header. */
export const csv = (records: readonly MetricRecord[]): string => {
  const columns = flat(records)
  const lines = [[...columns.keys()]]
  for (let row = 0; row < records.length; row++)
    lines.push([...columns.values()].map(values => text(values[row]!)))
  return lines.map(cells => `${cells.map(quoted).join(',')}\n`).join('')
}

const text = (value: FlatValue): string => (value === null ? '' : String(value))

const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
