import type { Tally } from './tally.js'
import { tiesInFront, type TieRule } from './tie.js'

/** Of each query: what the metrics are made of, kept so that they can be resampled or merged. */
export interface Ranking {
  /** Rank of the best relevant entry, from 1; halves under the tie rule `mean`. */
  ranks: Float64Array
  /** Average precision over the whole ranking, 0..1. */
  precisions: Float64Array
  /** Queries whose rank depends on the tie rule. */
  ties: number
}

/** Collects the tallies of `queries` queries, each with at least one relevant entry. */
export const rank = async (
  tallies: AsyncIterable<Tally>,
  queries: number,
  rule: TieRule,
): Promise<Ranking> => {
  const ranks = new Float64Array(queries)
  const precisions = new Float64Array(queries)
  let ties = 0
  for await (const { query, greater, equal } of tallies) {
    ranks[query] = 1 + greater[0]! + tiesInFront(rule, equal[0]!)
    precisions[query] = averagePrecision(greater, equal, rule)
    if (equal[0]! > 0) ties++
  }
  return { ranks, precisions, ties }
}

/**
 * AP = (1/m) sum_j j / position of relevant entry j (METHODS 4.3), best first; its position is j, the
 * non-relevant entries above it, and those level with it that the tie rule puts in front.
 */
const averagePrecision = (greater: Int32Array, equal: Int32Array, rule: TieRule): number => {
  let sum = 0
  for (let j = 0; j < greater.length; j++)
    sum += (j + 1) / (j + 1 + greater[j]! + tiesInFront(rule, equal[j]!))
  return sum / greater.length
}

/** Metrics of one direction: r@k in percent, mrr and map from 0 to 1; null where there was no query. */
export type Measures = Record<string, number | null>

/** r@k (any hit), median and mean rank, mean reciprocal rank and mean average precision. */
export const measures = ({ ranks, precisions }: Ranking, ks: readonly number[]): Measures => {
  const values: Measures = {}
  const share = (part: number) => (ranks.length === 0 ? null : (100 * part) / ranks.length)
  for (const k of ks) values[`r@${k}`] = share(ranks.reduce((n, rank) => n + Number(rank <= k), 0))
  values.medr = median(ranks)
  values.meanr = mean(ranks)
  values.mrr = mean(ranks.map(rank => 1 / rank))
  values.map = mean(precisions)
  return values
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
