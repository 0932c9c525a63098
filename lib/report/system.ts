import { toReading, isObject, type Reading } from '../charts/reading.js'

/** One system in a report: its name and the records of its evaluation. */
export interface System {
  name: string
  records: readonly Readonly<Record<string, unknown>>[]
}

/** The records of directions as charts need them. */
export const readingsOf = ({ name, records }: System): Reading[] =>
  records.flatMap(record => toReading({ ...record }, name, name) ?? [])

/** The system that another was compared with, query by query: the value of that one less its lead. */
export const rivalOf = ({ records }: System, name: string): System => ({
  name,
  records: records.flatMap(record => {
    const { against, direction, directions, query, gallery, queries, pool } = record
    if (!isObject(against)) return []
    const values = Object.entries(against).flatMap(([metric, verdict]) => {
      const value = record[metric]
      return isObject(verdict) &&
        typeof verdict['difference'] === 'number' &&
        typeof value === 'number'
        ? [[metric, value - verdict['difference']] as const]
        : []
    })
    const about = { direction, directions, query, gallery, queries, pool }
    return [{ ...about, ...Object.fromEntries(values), protocol: record['protocol'] }]
  }),
})

/** The records of whole directions, without groups, means and pairs. */
export const directionRecords = ({ records }: System): Readonly<Record<string, unknown>>[] =>
  records.filter(
    record =>
      Array.isArray(record['query']) && (record['by'] === undefined || record['by'] === null),
  )

/** The metrics of the records, in their order: what is told in numbers, and no count. */
export const metricsOfSystems = (systems: readonly System[]): string[] => [
  ...new Set(systems.flatMap(readingsOf).flatMap(({ values }) => Object.keys(values))),
]
