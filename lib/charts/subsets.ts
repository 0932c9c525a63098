import { specification, type Chart } from './chart.js'
import { chance } from './chance.js'
import type { Reading } from './reading.js'
import { SERIES, SHAPES } from './theme.js'
import type { ChartSettings } from './directions.js'
import { metricAxis, metricTitle } from './metric-axis.js'

/** One trained model: its modalities, and a metric on average over their ordered pairs. */
interface Cell {
  system: string
  modalities: string
  size: number
  value: number
  chance: number | null
  runs: number
}

/**
 * A metric by the number of modalities that were trained together (Fig. 1 of the paper): a dot for
 * every subset of them, a line through the mean of all subsets of one size.
 */
export const subsetsChart = (
  runs: readonly (readonly Reading[])[],
  { metric, title, size }: ChartSettings,
): Chart => {
  const cells = merged(runs.flatMap(readings => cellOf(readings, metric)))
  const series = [...new Set(cells.map(({ system }) => system))]
  const sizes = [...new Set(cells.map(each => each.size))].sort((a, b) => a - b)
  const repeats = Math.max(1, ...cells.map(({ runs }) => runs))
  const description = `mean ${metric} over ordered pairs, by number of modalities, ${series.join(', ')}`
  const blind = mean(cells.flatMap(({ chance }) => (chance === null ? [] : [chance])))
  const values = cells.map(cell => ({
    ...cell,
    // Systems stand beside each other, so that no dot hides another's.
    at: cell.size + 0.09 * (series.indexOf(cell.system) - (series.length - 1) / 2),
  }))
  const hue = legend('color', series)
  const x = {
    type: 'quantitative',
    title: 'modalities trained together',
    scale: { domain: [sizes[0]! - 0.5, sizes.at(-1)! + 0.5], nice: false, zero: false },
    axis: { values: sizes, format: 'd', grid: false },
  }
  const axis = metricAxis(
    metric,
    cells.map(({ value }) => value),
  )
  const y = { field: 'value', type: 'quantitative', ...axis, title: `mean ${metricTitle(metric)}` }
  return {
    spec: specification(
      {
        title: title ?? `Mean ${metric} by number of modalities`,
        subtitle: [
          `dots: every subset${repeats > 1 ? `, mean of ${repeats} runs` : ''}; lines: mean of the subsets of a size${blind === undefined ? '' : '; grey: chance'}`,
        ],
        description,
      },
      {
        data: { values },
        width: size,
        height: size * 0.75,
        layer: [
          ...(blind === undefined
            ? []
            : [
                {
                  mark: { type: 'rule', color: '#9a9a9a', strokeDash: [4, 3] },
                  encoding: { y: { datum: blind } },
                },
              ]),
          {
            mark: { type: 'point', filled: true, size: 36, opacity: 0.55 },
            encoding: { x: { field: 'at', ...x }, y, ...hue },
          },
          {
            transform: [
              {
                aggregate: [
                  { op: 'mean', field: 'value', as: 'value' },
                  { op: 'mean', field: 'at', as: 'at' },
                ],
                groupby: ['system', 'size'],
              },
            ],
            mark: { type: 'line', strokeWidth: 2, point: { size: 90, filled: true, opacity: 1 } },
            encoding: { x: { field: 'at', ...x }, y, ...hue },
          },
        ],
      },
    ),
    description,
    columns: ['system', 'modalities', 'size', metric, 'chance', 'runs'],
    rows: cells.map(({ value, ...cell }) => ({ ...cell, [metric]: value })),
  }
}

/** The mean over ordered pairs of single modalities, never of one with itself. */
const cellOf = (readings: readonly Reading[], metric: string): Cell[] => {
  const pairs = readings.filter(
    ({ query, gallery, values }) =>
      query.length === 1 &&
      gallery.length === 1 &&
      query[0] !== gallery[0] &&
      values[metric] !== undefined,
  )
  if (pairs.length === 0) return []
  const names = [...new Set(pairs.flatMap(({ query, gallery }) => [query[0]!, gallery[0]!]))]
  const blind = pairs.map(each => chance(metric, each))
  return [
    {
      system: pairs[0]!.series,
      modalities: names.sort().join('+'),
      size: names.length,
      value: mean(pairs.map(({ values }) => values[metric]!))!,
      chance: blind.includes(undefined) ? null : mean(blind as number[])!,
      runs: 1,
    },
  ]
}

/** Runs of one system on the same modalities, with other seeds for one, become their mean. */
const merged = (cells: readonly Cell[]): Cell[] => {
  const groups = new Map<string, Cell[]>()
  for (const cell of cells) {
    const key = JSON.stringify([cell.system, cell.modalities])
    groups.set(key, [...(groups.get(key) ?? []), cell])
  }
  return [...groups.values()].map(same => ({
    ...same[0]!,
    value: mean(same.map(({ value }) => value))!,
    runs: same.length,
  }))
}

const legend = (channel: 'color', series: readonly string[]) => {
  const one = { field: 'system', type: 'nominal', title: 'system', sort: series }
  return {
    [channel]: {
      ...one,
      scale: { domain: series, range: series.map((_, i) => SERIES[i % SERIES.length]) },
    },
    shape: {
      ...one,
      scale: { domain: series, range: series.map((_, i) => SHAPES[i % SHAPES.length]) },
    },
  }
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
