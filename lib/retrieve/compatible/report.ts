import { align, decimals } from '../../align.js'
import type { Evaluated } from '../evaluation.js'
import { mean, type Measures } from '../measures.js'
import type { Metric } from '../metric.js'
import { isPair, type MetricRecord } from '../report/record.js'
import { round } from '../report/round.js'

/** A metric with the old model by itself, new queries over its gallery, and the new one by itself. */
interface Three {
  old: number
  cross: number
  fresh: number
}

/** Metrics for which more is better, of one direction. */
const threesOf = (
  { measures, compatible }: Evaluated,
  metrics: readonly Metric[],
): Map<string, Three> => {
  const found = new Map<string, Three>()
  for (const { name, unit } of metrics) {
    const at = (of: Measures | undefined): number | null => of?.[name] ?? null
    const [old, cross, fresh] = [at(compatible?.old), at(measures), at(compatible?.fresh)]
    if (unit !== 'rank' && old !== null && cross !== null && fresh !== null)
      found.set(name, { old, cross, fresh })
  }
  return found
}

/** (M(new, old) - M(old, old)) / (M(new, new) - M(old, old)) (METHODS 3.17). */
const gain = ({ old, cross, fresh }: Three): number | null =>
  fresh === old ? null : (cross - old) / (fresh - old)

const recordOf = (threes: ReadonlyMap<string, Three>) =>
  Object.fromEntries(
    [...threes].map(([name, three]) => {
      const share = gain(three)
      return [
        name,
        {
          old: round(three.old),
          new: round(three.fresh),
          gain: share === null ? null : round(share),
          holds: three.cross >= three.old,
        },
      ]
    }),
  )

/** The key `compatible` of a direction. */
export const compatibleRecord = (
  evaluation: Evaluated,
  metrics: readonly Metric[],
): MetricRecord =>
  evaluation.compatible ? { compatible: recordOf(threesOf(evaluation, metrics)) } : {}

const meanOfAll = (
  evaluations: readonly Evaluated[],
  metrics: readonly Metric[],
): Map<string, Three> => {
  const all = evaluations.filter(each => isPair(each.direction) && each.queries > 0)
  const each = all.map(evaluation => threesOf(evaluation, metrics))
  return new Map(
    [...(each[0]?.keys() ?? [])].map(name => {
      const of = (part: keyof Three): number => mean(each.map(threes => threes.get(name)![part]))!
      return [name, { old: of('old'), cross: of('cross'), fresh: of('fresh') }]
    }),
  )
}

/** The same of the mean over directions. */
export const meanCompatible = (
  evaluations: readonly Evaluated[],
  metrics: readonly Metric[],
): MetricRecord =>
  evaluations.some(({ compatible }) => compatible)
    ? { compatible: recordOf(meanOfAll(evaluations, metrics)) }
    : {}

/** For people: whether the old gallery answers new queries at least as well as old ones. */
export function compatibleTable(
  evaluations: readonly Evaluated[],
  metrics: readonly Metric[],
): string {
  const metric = metrics.find(({ unit }) => unit !== 'rank')
  if (!metric) return ''
  const digits = metric.unit === 'fraction' ? 3 : 1
  const row = (title: string, three: Three | undefined): string[] => [
    title,
    ...[three?.old, three?.cross, three?.fresh].map(value => decimals(value, digits)),
    decimals(three && gain(three), 2),
    three && three.cross >= three.old ? 'yes' : 'no',
  ]
  const rows = evaluations.map(each =>
    row(each.direction.name, threesOf(each, [metric]).get(metric.name)),
  )
  const pairs = evaluations.filter(each => isPair(each.direction) && each.queries > 0)
  if (pairs.length > 0)
    rows.push(row(`mean of ${pairs.length}`, meanOfAll(evaluations, [metric]).get(metric.name)))
  return align([
    [`${metric.name}, query > gallery`, 'old > old', 'new > old', 'new > new', 'gain', 'holds'],
    ...rows,
  ])
}
