import type { Context } from '../cli/context.js'
import type { plot } from '../cli/options/pcm-plot.js'
import type { Arguments } from '../cli/program.js'
import { badUsage, Exit, type ExitStatus } from '../error.js'
import { openSink, type Sink } from '../stream/sink.js'
import { parseWhere } from '../stream/where.js'
import { drawMap } from './draw-map.js'
import { drawMetrics } from './draw-metrics.js'
import { formatOf, type PlotFormat } from './format.js'
import { openInput, type PlotInput } from './input.js'

export type PlotArguments = Arguments<typeof plot>

/** Where a figure goes, and what it looks like there. */
export interface Target {
  sink: Sink
  format: PlotFormat
}

/** pcm-plot: reads what there is, draws it, and says how much was drawn. */
export const runPlot = async (args: PlotArguments, context: Context): Promise<ExitStatus> => {
  const format = formatOf(args.output, args.format)
  const sink = await openSink(args.output, { binary: format === 'png' || format === 'arrow' })
  try {
    const drawn = await draw(args, { sink, format }, context)
    if (drawn > 0) return Exit.done
    await sink.abort()
    context.log.note(`${args.inputs.join(', ')}: nothing to draw`)
    return Exit.noRows
  } catch (error) {
    await sink.abort()
    throw error
  }
}

/** Returns how many points, or directions, the figure shows. */
const draw = async (args: PlotArguments, target: Target, context: Context): Promise<number> => {
  const where = args.where.map(parseWhere)
  const inputs: PlotInput[] = []
  for (const path of args.inputs) inputs.push(await openInput(path, where))
  const maps = inputs.flatMap(input => (input.content === 'embeddings' ? [input.source] : []))
  const metrics = inputs.flatMap(input => (input.content === 'metrics' ? [input] : []))
  if (maps.length > 1 || (maps.length > 0 && metrics.length > 0))
    throw badUsage(
      `${maps[1]?.name ?? maps[0]!.name}: embeddings beside another input, expected them alone`,
      'pcm-cat puts streams together; metrics of several systems can stand beside each other',
    )
  const [source] = maps
  if (source) {
    if (args.chart !== undefined && args.chart !== 'map')
      throw badUsage(
        `--chart ${args.chart}: ${source.name} holds embeddings, expected metrics`,
        'pipe them through: pcm-eval --format json',
      )
    return drawMap(source, args, target, context)
  }
  if (args.chart === 'map')
    throw badUsage(`--chart map: ${metrics[0]!.path} holds metrics, expected embeddings`)
  return drawMetrics(metrics, { ...args, chart: args.chart ?? 'directions' }, target, context)
}
