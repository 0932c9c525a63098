import type { Metric } from './metric.js'
import type { Tally } from './tally.js'
import { tiesInFront, type TieRule } from './tie.js'

/** Of each query: what the metrics are made of, kept so that they can be resampled or merged. */
export interface Ranking {
  /** Position of the best relevant entry, from 1; halves under the tie rule `mean`. */
  ranks: Float64Array
  /** Each metric's number for each query. */
  values: { metric: Metric; of: Float64Array }[]
  /** 1 for the queries whose rank depends on the tie rule. */
  tied: Uint8Array
}

/** Collects the tallies of `queries` queries, each with at least one relevant entry. */
export const rank = async (
  tallies: AsyncIterable<Tally> | Iterable<Tally>,
  queries: number,
  { ties, metrics }: { ties: TieRule; metrics: readonly Metric[] },
): Promise<Ranking> => {
  const ranks = new Float64Array(queries)
  const values = metrics.map(metric => ({ metric, of: new Float64Array(queries) }))
  const tied = new Uint8Array(queries)
  for await (const tally of tallies) {
    const positions = positionsOf(tally, ties)
    ranks[tally.query] = positions[0]!
    for (const { metric, of } of values) of[tally.query] = metric.of(positions, tally.grades)
    tied[tally.query] = Number(tally.equal[0]! > 0)
  }
  return { ranks, values, tied }
}

/**
 * Where the relevant entries stand, best first, from 1: behind the better relevant ones, the
 * non-relevant ones above, and those level with it that the tie rule puts in front (METHODS 4.8).
 */
export const positionsOf = ({ greater, equal }: Tally, rule: TieRule): Float64Array =>
  Float64Array.from(greater, (above, j) => j + 1 + above + tiesInFront(rule, equal[j]!))

/** Metrics by name: shares in percent, ranks from 1, others from 0 to 1; null without a query. */
export type Measures = Record<string, number | null>

export const measures = ({ values }: Pick<Ranking, 'values'>): Measures =>
  Object.fromEntries(values.map(({ metric, of }) => [metric.name, summary(metric, of)]))

/** One number of the numbers of many queries. */
export const summary = ({ middle, unit }: Metric, of: Float64Array): number | null => {
  if (middle === 'median') return median(of)
  const found = mean(of)
  return found !== null && unit === 'percent' ? 100 * found : found
}

/** The share of queries with a rank of at most k, in percent. */
export const hits = (ranks: Float64Array, k: number): number | null =>
  ranks.length === 0
    ? null
    : (100 * ranks.reduce((n, rank) => n + Number(rank <= k), 0)) / ranks.length

/** r@1 + r@5 + r@10, in percent. */
export const sumOfHits = ({ ranks }: Ranking): number | null =>
  ranks.length === 0 ? null : [1, 5, 10].reduce((sum, k) => sum + hits(ranks, k)!, 0)

/** The part of a ranking that belongs to some of its queries. */
export const part = ({ ranks, values, tied }: Ranking, queries: Int32Array): Ranking => {
  const take = (of: Float64Array) => Float64Array.from(queries, query => of[query]!)
  return {
    ranks: take(ranks),
    values: values.map(({ metric, of }) => ({ metric, of: take(of) })),
    tied: Uint8Array.from(queries, query => tied[query]!),
  }
}

export const mean = (values: ArrayLike<number>): number | null => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return values.length === 0 ? null : sum / values.length
}

const median = (values: Float64Array): number | null => {
  if (values.length === 0) return null
  const sorted = values.slice().sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
