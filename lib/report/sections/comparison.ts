import { formatMetric } from '../../charts/metric-axis.js'
import { isObject } from '../../charts/reading.js'
import { escapeXml } from '../../html/escape.js'
import { table, type Cell } from '../../html/table.js'
import type { System } from '../system.js'
import { interval } from './results.js'

/** What `--against` found: the lead over the other system in every metric, its interval and p. */
export const comparison = (system: System, rival: string | undefined): string[] => {
  const compared = system.records.flatMap(record =>
    isObject(record['against']) ? [{ record, verdicts: record['against'] }] : [],
  )
  if (rival === undefined || compared.length === 0) return []
  const metrics = [...new Set(compared.flatMap(({ verdicts }) => Object.keys(verdicts)))]
  const rows = compared.map(({ record, verdicts }) => ({
    names: [
      record['direction'] === 'mean' ? `mean of ${record['directions']}` : `${record['direction']}`,
    ],
    cells: metrics.map(metric => lead(metric, verdicts[metric])),
    mean: record['direction'] === 'mean',
  }))
  return [
    `<section><h2>Lead over ${escapeXml(rival)}</h2>
<p class="note">How much more ${escapeXml(system.name)} scores than ${escapeXml(rival)} on the same queries, with the 95 % interval of that difference; p is two-sided, by sign flips of whole items.</p>
${table({ names: ['direction'], heads: metrics, rows })}</section>`,
  ]
}

const lead = (metric: string, verdict: unknown): Cell | string => {
  if (!isObject(verdict) || typeof verdict['difference'] !== 'number') return '-'
  const { difference, ci, p } = verdict
  const sure = [interval(metric, ci), typeof p === 'number' ? `p ${p.toFixed(3)}` : undefined]
  return {
    text: `${Number(difference) > 0 ? '+' : ''}${formatMetric(metric, difference)}`,
    beside: sure.filter(each => each !== undefined).join(', '),
  }
}
