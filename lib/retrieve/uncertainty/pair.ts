import { summary, type Ranking } from '../measures.js'
import type { Metric } from '../metric.js'
import { randomBits } from './random.js'
import { drawItems, interval, weightedMean, type Resampling } from './resample.js'

/** The queries of one system: what tells them apart, and their numbers. */
export interface System {
  ranking: Pick<Ranking, 'values'>
  /** The same name stands for the same query in every system. */
  names: readonly string[]
}

/** How much a metric of one system is above that of another on the same queries. */
export interface Difference {
  metric: Metric
  difference: number
  /** What the other system scores on these queries. */
  other: number
  /** The difference in resamples of the items, and where each item's systems trade places by chance. */
  resampled: Float64Array
  flipped: Float64Array
}

export interface Pairing {
  /** Queries that both have; and those that one has alone. */
  queries: number
  unmatched: number
  differences: Difference[]
}

/**
 * Compares two systems query by query, for every metric that is a mean: the difference, its
 * bootstrap over items, and its distribution if it made no difference which system is which
 * (sign flips by item, METHODS 4.10). `itemOf` gives the item of each of the first one's queries.
 */
export const pair = (
  one: System,
  other: System,
  itemOf: Int32Array,
  resampling: Resampling,
): Pairing => {
  const places = new Map(other.names.map((name, query) => [name, query]))
  const shared = one.names.flatMap((name, query) => {
    const place = places.get(name)
    return place === undefined ? [] : [[query, place] as const]
  })
  const items = Int32Array.from(shared, ([query]) => itemOf[query]!)
  const differences =
    shared.length === 0
      ? []
      : one.ranking.values.flatMap(({ metric, of }, i) => {
          if (metric.middle === 'median') return []
          const others = other.ranking.values[i]!.of
          const each = Float64Array.from(shared, ([query, place]) => of[query]! - others[place]!)
          const theirs = Float64Array.from(shared, ([, place]) => others[place]!)
          const compared = compare(metric, each, items, resampling)
          return [{ ...compared, other: summary(metric, theirs)! }]
        })
  return {
    queries: shared.length,
    unmatched: one.names.length + other.names.length - 2 * shared.length,
    differences,
  }
}

const compare = (
  metric: Metric,
  each: Float64Array,
  itemOf: Int32Array,
  resampling: Resampling,
): Omit<Difference, 'other'> => {
  const scale = metric.unit === 'percent' ? 100 : 1
  const mean = weightedMean(each, itemOf, resampling.items, scale)
  const resampled = new Float64Array(resampling.resamples)
  const flipped = new Float64Array(resampling.resamples)
  const sums = new Float64Array(resampling.items)
  itemOf.forEach((item, query) => (sums[item]! += each[query]!))
  for (let r = 0; r < resampling.resamples; r++) {
    resampled[r] = mean(drawItems(resampling, r))
    const next = randomBits(resampling.seed, 2, r)
    const sum = sums.reduce((total, each) => total + (next() & 1 ? each : -each), 0)
    flipped[r] = (scale * sum) / each.length
  }
  const ones = new Int32Array(resampling.items).fill(1)
  return { metric, difference: mean(ones), resampled, flipped }
}

export interface Verdict {
  difference: number
  /** The difference in percent of what the other scores; null where that is 0. */
  relative: number | null
  /** The central 95 % of the bootstrap. */
  ci: [number, number] | null
  /** Two-sided: how often chance alone gives as much. */
  p: number
}

export const verdict = ({
  difference,
  other,
  resampled,
  flipped,
}: Omit<Difference, 'metric'>): Verdict => {
  // What differs by the order of summation only is as much.
  const bar = Math.abs(difference) * (1 - 1e-9)
  const asMuch = flipped.reduce((count, value) => count + Number(Math.abs(value) >= bar), 0)
  const relative = other === 0 ? null : (100 * difference) / other
  return { difference, relative, ci: interval(resampled), p: (1 + asMuch) / (1 + flipped.length) }
}
