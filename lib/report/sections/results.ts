import { formatMetric } from '../../charts/metric-axis.js'
import { isObject } from '../../charts/reading.js'
import { table, type Cell, type TableRow } from '../../html/table.js'
import { directionRecords, metricsOfSystems, type System } from '../system.js'

type Record_ = Readonly<Record<string, unknown>>

/** The metrics of every direction, a row a system, and their mean. */
export const results = (systems: readonly System[]): string => {
  const metrics = metricsOfSystems(systems)
  const several = systems.length > 1
  const order = [
    ...new Set(systems.flatMap(directionRecords).map(({ direction }) => String(direction))),
  ]
  const rows = order.flatMap(direction =>
    systems.flatMap(system => {
      const record = directionRecords(system).find(each => each['direction'] === direction)
      return record ? rowsOf(record, direction, system.name, { metrics, several }) : []
    }),
  )
  const means = systems.flatMap(({ name, records }) => {
    const mean = records.find(({ direction }) => direction === 'mean')
    return mean
      ? rowsOf(mean, `mean of ${mean['directions']}`, name, { metrics, several }).map(row => ({
          ...row,
          mean: true,
        }))
      : []
  })
  return `<section><h2>Results</h2>
<p class="note">${NOTE}</p>
${table({
  names: ['direction', ...(several ? ['system'] : [])],
  heads: ['queries', 'pool', ...metrics],
  rows: [...rows, ...means],
})}</section>`
}

const NOTE =
  'r@k, recall@k, p@k and rprec in percent; mrr, map, map@k and ndcg@k from 0 to 1; medr and meanr are ranks from 1. Beside a number: its 95 % interval.'

const rowsOf = (
  record: Record_,
  direction: string,
  system: string,
  { metrics, several }: { metrics: readonly string[]; several: boolean },
): TableRow[] => {
  const ci = isObject(record['ci']) ? record['ci'] : {}
  const cells = metrics.map((metric): Cell => ({
    text: formatMetric(metric, record[metric]),
    beside: interval(metric, ci[metric]),
  }))
  const count = (key: string) => (typeof record[key] === 'number' ? String(record[key]) : '')
  return [
    {
      names: [direction, ...(several ? [system] : [])],
      cells: [count('queries'), count('pool'), ...cells],
    },
  ]
}

export const interval = (metric: string, ends: unknown): string | undefined =>
  Array.isArray(ends) ? ends.map(end => formatMetric(metric, end)).join(' to ') : undefined
