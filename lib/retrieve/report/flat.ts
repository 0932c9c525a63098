import type { MetricRecord } from './record.js'

export type FlatValue = string | number | null

/** Records as a table of plain values: lists joined by `+`, what nests as JSON; null where absent. */
export const flat = (records: readonly MetricRecord[]): Map<string, FlatValue[]> => {
  const names = [...new Set(records.flatMap(record => Object.keys(record)))]
  // What explains the numbers comes last, as in the records.
  const columns = names.filter(name => name !== 'protocol').concat('protocol')
  return new Map(columns.map(name => [name, records.map(record => flatValue(record[name]))]))
}

const flatValue = (value: unknown): FlatValue => {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (Array.isArray(value)) return value.join('+')
  return JSON.stringify(value)
}
