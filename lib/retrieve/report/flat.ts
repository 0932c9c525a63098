import type { MetricRecord } from './record.js'

export type FlatValue = string | number | null

export interface FlatTable {
  columns: string[]
  rows: Record<string, FlatValue>[]
}

/** Records as a table of plain values: lists joined by `+`, what nests as JSON; null where absent. */
export const flat = (records: readonly MetricRecord[]): FlatTable => {
  const names = new Set(records.flatMap(record => Object.keys(record)))
  // What explains the numbers comes last, as in the records.
  names.delete('protocol')
  const columns = [...names, 'protocol']
  const rows = records.map(record =>
    Object.fromEntries(columns.map(name => [name, flatValue(record[name])])),
  )
  return { columns, rows }
}

const flatValue = (value: unknown): FlatValue => {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (Array.isArray(value)) return value.join('+')
  return JSON.stringify(value)
}
