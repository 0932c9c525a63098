import { specification, type Chart } from './chart.js'
import { chance } from './chance.js'
import type { Reading } from './reading.js'
import { INK, SERIES, SHAPES } from './theme.js'
import { metricAxis, metricTitle } from './metric-axis.js'

export interface ChartSettings {
  metric: string
  title?: string
  /** Of the frame, in pixels. */
  size: number
}

/**
 * A metric of every direction: a dot for every system, with its 95 % interval where there is one;
 * the grey tick is what a blind guess scores.
 */
export const directionsChart = (
  readings: readonly Reading[],
  { metric, title, size }: ChartSettings,
): Chart => {
  const series = [...new Set(readings.map(each => each.series))]
  const order = [...new Set(readings.map(({ direction }) => direction))]
  const rows = readings.flatMap(each => {
    const value = each.values[metric]
    if (value === undefined) return []
    const [low, high] = each.intervals[metric] ?? [null, null]
    return [
      {
        system: each.series,
        direction: each.direction,
        [metric]: value,
        low,
        high,
        chance: chance(metric, each) ?? null,
        queries: each.queries,
        pool: each.pool,
      },
    ]
  })
  const values = rows.map(row => ({ ...row, value: row[metric] }))
  const description = `${metricTitle(metric)} of ${order.length} directions${series.length > 1 ? `, ${series.join(', ')}` : ''}`
  const notes = [
    ...(rows.some(({ low }) => low !== null) ? ['bars: 95 % intervals'] : []),
    ...(rows.some(row => row.chance !== null) ? ['grey ticks: chance'] : []),
  ]
  const y = { field: 'direction', type: 'nominal', sort: order, title: 'query > gallery' }
  const offset = series.length > 1 ? { yOffset: { field: 'system', sort: series } } : {}
  const axis = metricAxis(
    metric,
    rows.flatMap(row => [row[metric] as number, row.high ?? 0]),
  )
  const hue = {
    field: 'system',
    type: 'nominal',
    title: 'system',
    scale: { domain: series, range: series.map((_, i) => SERIES[i % SERIES.length]) },
    ...(series.length === 1 && { legend: null }),
  }
  return {
    spec: specification(
      {
        title: title ?? metricTitle(metric),
        subtitle: notes.length ? [notes.join('; ')] : [],
        description,
      },
      {
        data: { values },
        width: size,
        height: { step: series.length > 1 ? 11 : 20 },
        encoding: { y: { ...y, axis: { grid: true, gridDash: [1, 3] } }, ...offset },
        layer: [
          {
            transform: [{ filter: 'datum.chance !== null' }],
            mark: { type: 'tick', color: '#9a9a9a', thickness: 2 },
            encoding: { x: { field: 'chance', type: 'quantitative' } },
          },
          {
            transform: [{ filter: 'datum.low !== null' }],
            mark: { type: 'rule', strokeWidth: 2, opacity: 0.6 },
            encoding: {
              x: { field: 'low', type: 'quantitative' },
              x2: { field: 'high' },
              color: hue,
            },
          },
          {
            mark: { type: 'point', filled: true, size: 60, opacity: 1, color: INK },
            encoding: {
              x: { field: 'value', type: 'quantitative', ...axis },
              color: hue,
              ...(series.length > 1 && {
                shape: {
                  field: 'system',
                  type: 'nominal',
                  title: 'system',
                  scale: {
                    domain: series,
                    range: series.map((_, i) => SHAPES[i % SHAPES.length]),
                  },
                },
              }),
            },
          },
        ],
      },
    ),
    description,
    columns: ['system', 'direction', metric, 'low', 'high', 'chance', 'queries', 'pool'],
    rows,
  }
}
