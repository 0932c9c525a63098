import { badData } from '../error.js'

/** A record of pcm-eval as charts need it. */
export interface Reading {
  /** The input it came from, as it is called in legends. */
  series: string
  direction: string
  query: string[]
  gallery: string[]
  queries: number
  pool: number
  /** Metrics by name. */
  values: Record<string, number>
  /** 95 % intervals of some. */
  intervals: Record<string, [number, number]>
  /** Relevant entries of a query where every one has as many. */
  positives?: number
}

/** Reads one record; undefined for what is no direction: means, pairs and groups of queries. */
export const toReading = (
  record: Record<string, unknown>,
  series: string,
  where: string,
): Reading | undefined => {
  const { direction, query, gallery, queries, pool } = record
  if (typeof direction !== 'string')
    throw badData(`${where}: no key 'direction'`, 'pcm-eval --format json writes such records')
  if (record['by'] !== undefined && record['by'] !== null) return undefined
  if (!isNames(query) || !isNames(gallery)) return undefined
  if (typeof queries !== 'number' || typeof pool !== 'number')
    throw badData(`${where}: expected numbers in 'queries' and 'pool'`)
  return {
    series,
    direction,
    query,
    gallery,
    queries,
    pool,
    values: Object.fromEntries(Object.entries(record).filter(isMetric)) as Record<string, number>,
    intervals: intervalsOf(record['ci']),
    positives: positivesOf(record['protocol']),
  }
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every(each => typeof each === 'string')

const NO_METRIC = new Set(['queries', 'pool', 'directions'])

const isMetric = ([key, value]: [string, unknown]): boolean =>
  typeof value === 'number' && !NO_METRIC.has(key)

const intervalsOf = (ci: unknown): Record<string, [number, number]> => {
  if (!isObject(ci)) return {}
  const found = Object.entries(ci).filter(
    ([, ends]) => Array.isArray(ends) && ends.length === 2 && ends.every(Number.isFinite),
  )
  return Object.fromEntries(found) as Record<string, [number, number]>
}

const positivesOf = (protocol: unknown): number | undefined => {
  const positives = isObject(protocol) ? protocol['positives'] : undefined
  if (!isObject(positives)) return undefined
  const { min, max } = positives
  return typeof min === 'number' && min === max ? min : undefined
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
