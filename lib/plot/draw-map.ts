import type { Context } from '../cli/context.js'
import { mapChart, type Projected } from '../charts/map.js'
import { badUsage } from '../error.js'
import type { EmbeddingSource } from '../retrieve/embedding-source.js'
import { provenance } from '../stream/provenance.js'
import { writeMap } from './map-stream.js'
import { readPoints } from './points.js'
import type { PlotArguments, Target } from './program.js'
import { explained } from './projection/explained.js'
import { project } from './projection/projection.js'
import { writeChart } from './write-chart.js'

/** Draws embeddings in the plane; returns how many. */
export const drawMap = async (
  source: EmbeddingSource,
  args: PlotArguments,
  { sink, format }: Target,
  { log, progress, record }: Context,
): Promise<number> => {
  if (format === 'html')
    throw badUsage(`--format html: is of metrics, ${source.name} holds embeddings`)
  const set = await readPoints(source, args)
  if (set.points.length === 0) return 0
  const { drawn, of } = set.items
  if (drawn < of)
    log.note(
      `${source.name}: drew ${drawn} of ${of} items at random, ${set.points.length} embeddings (--points ${args.points}, --seed ${args.seed})`,
    )
  const methods = [...new Set(args.method)]
  const bar = progress({ unit: 'step', total: methods.length * 1000 })
  const projections: Projected[] = []
  for (const [at, name] of methods.entries()) {
    const plane = await project(name, set.vectors, {
      ...args,
      progress: share => bar.update(Math.round((at + share) * 1000), { method: name }),
    })
    const share = name === 'pca' ? { explained: explained(set.vectors, plane) } : {}
    projections.push({ name, plane, ...share })
  }
  bar.stop()
  const chain = provenance(source.schema.provenance, record(), { noPg: !args.pg })
  if (format === 'arrow') await writeMap(sink, set, projections, chain)
  else
    await writeChart(sink, mapChart(set, projections, args), {
      ...args,
      format,
      provenance: chain,
      warn: log.warn,
    })
  return set.points.length
}
