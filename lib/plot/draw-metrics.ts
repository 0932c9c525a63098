import type { Context } from '../cli/context.js'
import type { Chart } from '../charts/chart.js'
import { directionsChart } from '../charts/directions.js'
import { matrixChart } from '../charts/matrix.js'
import { toReading, type Reading } from '../charts/reading.js'
import { subsetsChart } from '../charts/subsets.js'
import { badData, badUsage } from '../error.js'
import { reportPage } from '../report/report.js'
import { provenance } from '../stream/provenance.js'
import { joinChains } from '../streams/chains.js'
import type { PlotInput } from './input.js'
import type { PlotArguments, Target } from './program.js'
import { seriesNames } from './series-names.js'
import { writeChart } from './write-chart.js'

type MetricsPlotInput = Extract<PlotInput, { content: 'metrics' }>
type MetricsArguments = PlotArguments & { chart: 'directions' | 'matrix' | 'subsets' }

/** Draws the metrics of one or more evaluations; returns how many directions. */
export const drawMetrics = async (
  inputs: readonly MetricsPlotInput[],
  args: MetricsArguments,
  { sink, format }: Target,
  { log, record }: Context,
): Promise<number> => {
  if (format === 'arrow')
    throw badUsage('--format arrow: is of maps, expected csv for the table of another figure')
  const paths = inputs.map(({ path }) => path)
  const names = seriesNames(paths, args.chart === 'subsets' ? 'folder' : 'file')
  const runs = inputs.map(({ metrics }, at) =>
    metrics.records.flatMap(({ record, where }) => toReading(record, names[at]!, where) ?? []),
  )
  const readings = runs.flat()
  if (readings.length === 0) return 0
  checkMetric(readings, args.metric, paths)
  const chains = inputs.map(({ metrics }) => metrics.provenance)
  const chain = provenance(joinChains(chains), record(), { noPg: !args.pg })
  if (format === 'html') {
    const systems = inputs.map(({ metrics }, at) => ({
      name: names[at]!,
      records: metrics.records.map(({ record }) => record),
    }))
    const unknown = names.filter((_, at) => chains[at]!.length === 0)
    const html = await reportPage({ ...args, systems, provenance: chain, unknown, inputs: [] })
    await sink.write(Buffer.from(html))
    await sink.finish()
  } else
    await writeChart(sink, chartOf(runs, args), {
      ...args,
      format,
      provenance: chain,
      warn: log.warn,
    })
  return readings.length
}

const chartOf = (runs: readonly (readonly Reading[])[], args: MetricsArguments): Chart => {
  if (args.chart === 'subsets') return subsetsChart(runs, args)
  return args.chart === 'matrix'
    ? matrixChart(runs.flat(), args)
    : directionsChart(runs.flat(), args)
}

const checkMetric = (readings: readonly Reading[], metric: string, paths: readonly string[]) => {
  if (readings.some(({ values }) => values[metric] !== undefined)) return
  const known = [...new Set(readings.flatMap(({ values }) => Object.keys(values)))]
  throw badData(
    `${paths.join(', ')}: no metric '${metric}', only ${known.join(', ') || 'none'}`,
    'name one with --metric',
  )
}
