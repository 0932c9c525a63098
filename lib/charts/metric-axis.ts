/** Metrics in percent, from 0 to 100, by how their names begin (pcm-eval, --metrics). */
const PERCENT = /^(r|recall|p)@\d+$|^rprec$/
const FRACTION = /^(mrr|map|minp|map_label)$|^(map|ndcg)@\d+$/

/** What an axis says: `r@1, %`, `map, 0 to 1`, `medr, rank`. */
export const metricTitle = (metric: string): string => {
  if (PERCENT.test(metric)) return `${metric}, %`
  if (FRACTION.test(metric)) return `${metric}, 0 to 1`
  return /^(medr|meanr)$/.test(metric) ? `${metric}, rank from 1` : metric
}

/** The scale and title of a metric: from 0, so that lengths can be compared; ranks from 1. */
export const metricAxis = (metric: string, values: readonly number[]) => {
  const ranks = /^(medr|meanr)$/.test(metric)
  const top = Math.max(...values, ranks ? 2 : 0)
  const limit = PERCENT.test(metric) ? 100 : FRACTION.test(metric) ? 1 : Infinity
  return {
    title: metricTitle(metric),
    scale: { domain: [ranks ? 1 : 0, Math.min(limit, top * 1.05) || 1], nice: true, zero: !ranks },
  }
}

/** A value for people: percents with one digit, fractions with three, medians as short as they are. */
export const formatMetric = (metric: string, value: unknown): string => {
  if (typeof value !== 'number') return '-'
  if (FRACTION.test(metric)) return value.toFixed(3)
  return metric === 'medr' && Number.isInteger(value) ? String(value) : value.toFixed(1)
}
