import { directionsChart } from '../../charts/directions.js'
import { matrixChart } from '../../charts/matrix.js'
import { svg } from '../../charts/render/svg.js'
import { inlineSvg } from '../../html/inline-svg.js'
import { metricsOfSystems, readingsOf, type System } from '../system.js'

/** A metric, the first unless told, of every direction, and of every modality against every other. */
export const figures = async (
  systems: readonly System[],
  metric = metricsOfSystems(systems)[0],
): Promise<string[]> => {
  if (metric === undefined) return []
  const readings = systems.flatMap(readingsOf)
  const modalities = new Set(readings.flatMap(({ query }) => (query.length === 1 ? query : [])))
  const charts = [
    directionsChart(readings, { metric, size: 460 }),
    ...(modalities.size > 2 ? [matrixChart(readings, { metric, size: 320 })] : []),
  ]
  const drawn = await Promise.all(charts.map(chart => svg(chart)))
  const all = drawn.map((each, at) => `<figure>${inlineSvg(each, `figure-${at + 1}`)}</figure>`)
  return [`<section><h2>Figures</h2><div class="figures">${all.join('\n')}</div></section>`]
}
