import type { Ranking } from '../measures.js'
import type { Metric } from '../metric.js'
import { randomBits } from './random.js'

/**
 * How often to draw. What is drawn are items, with all their queries, since the captions of one
 * picture are not independent (METHODS 4.10). Every direction sees the same draws, so means over
 * directions can be resampled too.
 */
export interface Resampling {
  resamples: number
  seed: number
  /** How many items there are to draw from: 0 .. items - 1. */
  items: number
}

/** A metric in every resample; NaN where no query was drawn. */
export interface Resampled {
  metric: Metric
  values: Float64Array
}

/** The metrics of a ranking, resampled; `itemOf` gives the item of each query. */
export const resample = (
  { values }: Pick<Ranking, 'values'>,
  itemOf: Int32Array,
  resampling: Resampling,
): Resampled[] => {
  const statistics = values.map(({ metric, of }) =>
    metric.middle === 'median'
      ? weightedMedian(of, itemOf)
      : weightedMean(of, itemOf, resampling.items, metric.unit === 'percent' ? 100 : 1),
  )
  const resampled = values.map(({ metric }) => ({
    metric,
    values: new Float64Array(resampling.resamples),
  }))
  for (let r = 0; r < resampling.resamples; r++) {
    const weights = drawItems(resampling, r)
    resampled.forEach(({ values }, i) => (values[r] = statistics[i]!(weights)))
  }
  return resampled
}

/** How often each item is drawn in resample r: as many draws as there are items, with replacement. */
export const drawItems = ({ items, seed }: Resampling, r: number): Int32Array => {
  const next = randomBits(seed, 1, r)
  const weights = new Int32Array(items)
  for (let draw = 0; draw < items; draw++) weights[Math.floor((next() / 2 ** 32) * items)]!++
  return weights
}

/** A statistic of queries, of which each item's count as often as its weight says. */
type Statistic = (weights: Int32Array) => number

export const weightedMean = (
  of: Float64Array,
  itemOf: Int32Array,
  items: number,
  scale: number,
): Statistic => {
  const sums = new Float64Array(items)
  const counts = new Int32Array(items)
  itemOf.forEach((item, query) => {
    sums[item]! += of[query]!
    counts[item]!++
  })
  return weights => {
    let sum = 0
    let count = 0
    for (let item = 0; item < items; item++) {
      sum += weights[item]! * sums[item]!
      count += weights[item]! * counts[item]!
    }
    return (scale * sum) / count
  }
}

const weightedMedian = (of: Float64Array, itemOf: Int32Array): Statistic => {
  const order = Int32Array.from(of.keys()).sort((a, b) => of[a]! - of[b]!)
  return weights => {
    const count = itemOf.reduce((sum, item) => sum + weights[item]!, 0)
    const at = (place: number) => {
      let seen = 0
      for (const query of order) if ((seen += weights[itemOf[query]!]!) > place) return of[query]!
      return NaN
    }
    return (at((count - 1) >> 1) + at(count >> 1)) / 2
  }
}

/** The central 95 % of the resamples (percentiles, linear between neighbours); null without any. */
export const interval = (values: Float64Array): [number, number] | null => {
  const sorted = values.filter(value => !Number.isNaN(value)).sort()
  return sorted.length === 0 ? null : [quantile(sorted, 0.025), quantile(sorted, 0.975)]
}

const quantile = (sorted: Float64Array, share: number): number => {
  const place = share * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!)
}

/** The mean of several resampled values, resample by resample. */
export const together = (series: readonly Float64Array[]): Float64Array =>
  Float64Array.from(
    series[0]!,
    (_, r) => series.reduce((sum, values) => sum + values[r]!, 0) / series.length,
  )
