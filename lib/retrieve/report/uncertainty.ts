import type { Evaluated } from '../evaluation.js'
import { USUAL_RESAMPLES } from '../uncertainty/judge.js'
import type { Metric } from '../metric.js'
import { verdict, type Difference, type Pairing } from '../uncertainty/pair.js'
import { interval, together, type Resampled } from '../uncertainty/resample.js'
import { decimals } from '../../align.js'
import type { Settings } from './record.js'
import { round } from './round.js'

/** The key `ci`: the 95 % interval of every metric. */
export const intervals = (resampled: readonly Resampled[]) =>
  Object.fromEntries(
    resampled.map(({ metric, values }) => [metric.name, rounded(interval(values))]),
  )

/** The key `against`: the lead over another system, its interval, and how likely chance gives it. */
export const verdicts = (differences: readonly Difference[]) =>
  Object.fromEntries(differences.map(each => [each.metric.name, verdictOf(each)]))

const verdictOf = (given: Parameters<typeof verdict>[0]) => {
  const { difference, relative, ci, p } = verdict(given)
  return {
    difference: round(difference),
    relative: relative && round(relative),
    ci: rounded(ci),
    p: round(p),
  }
}

/** Both keys for the mean over directions, of which every one saw the same draws. */
export const meanUncertainty = (evaluations: readonly Evaluated[]) => {
  const [first] = evaluations
  const resampled = first?.resampled?.map(({ metric }, i) => ({
    metric,
    values: together(evaluations.map(each => each.resampled![i]!.values)),
  }))
  const comparable = evaluations.every(({ pairing }) => pairing && pairing.queries > 0)
  const differences = first?.pairing?.differences.map(({ metric }, i): Difference => {
    const each = evaluations.map(({ pairing }) => pairing!.differences[i]!)
    const mean = (of: 'difference' | 'other') =>
      each.reduce((sum, one) => sum + one[of], 0) / each.length
    return {
      metric,
      difference: mean('difference'),
      other: mean('other'),
      resampled: together(each.map(({ resampled }) => resampled)),
      flipped: together(each.map(({ flipped }) => flipped)),
    }
  })
  return {
    ...(resampled && { ci: intervals(resampled) }),
    ...(comparable && differences && { against: verdicts(differences) }),
  }
}

export const bootstrap = ({ bootstrap }: Settings) => ({
  resamples: bootstrap,
  of: 'items by id, with all their queries',
  interval: 'percentiles 2.5 and 97.5',
})

export const paired = ({ queries, unmatched }: Pairing, { against, bootstrap }: Settings) => ({
  file: against,
  queries,
  unmatched,
  resamples: bootstrap ?? USUAL_RESAMPLES,
  test: 'sign flips by id, two-sided',
})

/** What stands under a direction: the interval of every metric, the lead over another system. */
export const uncertaintyRows = (
  { resampled, pairing }: Evaluated,
  metrics: readonly Metric[],
): string[][] => [
  ...(resampled
    ? [
        under('  95 %', metrics, (metric, i) => {
          const found = interval(resampled[i]!.values)
          return found ? found.map(end => decimals(end, digits(metric))).join('-') : '-'
        }),
      ]
    : []),
  ...(pairing ? leadRows(verdicts(pairing.differences), metrics) : []),
]

/** The lead over another system, with its interval and p, under a direction or their mean. */
export const leadRows = (
  found: ReturnType<typeof verdicts>,
  metrics: readonly Metric[],
): string[][] => [
  under('  lead', metrics, m => decimals(found[m.name]?.difference, digits(m))),
  under('  lead 95 %', metrics, m => {
    const ends = found[m.name]?.ci
    return ends ? ends.map(end => decimals(end, digits(m))).join(' to ') : '-'
  }),
  under('  p', metrics, m => decimals(found[m.name]?.p, 3)),
]

const under = (
  title: string,
  metrics: readonly Metric[],
  cell: (metric: Metric, i: number) => string,
): string[] => [title, '', '', ...metrics.map(cell)]

const digits = ({ unit }: Metric): number => (unit === 'fraction' ? 3 : 1)

const rounded = (ends: [number, number] | null) => ends && ends.map(round)
