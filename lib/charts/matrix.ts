import { specification, type Chart } from './chart.js'
import type { Reading } from './reading.js'
import { INK } from './theme.js'
import type { ChartSettings } from './directions.js'
import { metricTitle } from './metric-axis.js'

/** A metric of every modality (query, down) against every other (gallery, across), as colours. */
export const matrixChart = (
  readings: readonly Reading[],
  { metric, title, size }: ChartSettings,
): Chart => {
  const pairs = readings.filter(({ query, gallery }) => query.length === 1 && gallery.length === 1)
  const series = [...new Set(pairs.map(each => each.series))]
  const names = [...new Set(pairs.flatMap(({ query, gallery }) => [query[0]!, gallery[0]!]))]
  const rows = pairs.flatMap(({ series, query, gallery, values }) =>
    values[metric] === undefined
      ? []
      : [{ system: series, query: query[0]!, gallery: gallery[0]!, [metric]: values[metric] }],
  )
  const digits = rows.some(row => (row[metric] as number) > 1) ? '.1f' : '.3f'
  const numbers = rows.map(row => row[metric] as number)
  const [low, high] = [Math.min(0, ...numbers), Math.max(...numbers)]
  const values = rows.map(row => ({ ...row, value: row[metric] }))
  const description = `${metricTitle(metric)} between ${names.join(', ')}`
  const side = Math.max(40, Math.min(64, size / names.length))
  const axis = (field: string, more: object) => ({
    field,
    type: 'nominal',
    sort: names,
    scale: { domain: names },
    title: field,
    axis: { domain: false, ticks: false, grid: false, ...more },
  })
  const panel = (name: string) => ({
    ...(series.length > 1 && { title: { text: name, fontSize: 12, frame: 'group' } }),
    transform: [{ filter: { field: 'system', equal: name } }],
    width: side * names.length,
    height: side * names.length,
    encoding: { x: axis('gallery', { orient: 'bottom', labelAngle: -40 }), y: axis('query', {}) },
    layer: [
      {
        mark: { type: 'rect', stroke: '#ffffff', strokeWidth: 1 },
        encoding: {
          color: {
            field: 'value',
            type: 'quantitative',
            title: metricTitle(metric),
            scale: { domain: [low, high || 1], scheme: 'blues' },
          },
        },
      },
      {
        mark: { type: 'text', fontSize: 11 },
        encoding: {
          text: { field: 'value', type: 'quantitative', format: digits },
          color: {
            condition: { test: `datum.value > ${low + 0.6 * (high - low)}`, value: '#ffffff' },
            value: INK,
          },
        },
      },
    ],
  })
  return {
    spec: specification(
      { title: title ?? metricTitle(metric), subtitle: [], description },
      { data: { values }, hconcat: series.map(panel), spacing: 28 },
    ),
    description,
    columns: ['system', 'query', 'gallery', metric],
    rows,
  }
}
