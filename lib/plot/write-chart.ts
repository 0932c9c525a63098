import type { Chart } from '../charts/chart.js'
import { needsSystemFonts, png } from '../charts/render/png.js'
import { svg } from '../charts/render/svg.js'
import { csv } from '../retrieve/report/csv.js'
import type { Sink } from '../stream/sink.js'
import type { ProvenanceRecord } from '../stream/types.js'
import type { PlotFormat } from './format.js'

export interface WriteSettings {
  format: Exclude<PlotFormat, 'arrow' | 'html'>
  /** Pixels of a PNG for one unit of the drawing. */
  scale: number
  provenance: readonly ProvenanceRecord[]
  warn(text: string): void
}

/** Writes a chart in one of the formats and finishes the sink. */
export const writeChart = async (
  sink: Sink,
  chart: Chart,
  settings: WriteSettings,
): Promise<void> => {
  await sink.write(await bytesOf(chart, settings))
  await sink.finish()
}

const bytesOf = async (
  chart: Chart,
  { format, scale, provenance, warn }: WriteSettings,
): Promise<Uint8Array> => {
  if (format === 'csv') return Buffer.from(csv(chart.columns, chart.rows))
  if (format === 'vega-lite') {
    const spec = { ...chart.spec, usermeta: { 'pcm.pg': provenance } }
    return Buffer.from(`${JSON.stringify(spec, null, 1)}\n`)
  }
  const drawn = await svg(chart, commandsOf(provenance))
  if (format === 'svg') return Buffer.from(drawn)
  if (needsSystemFonts(drawn))
    warn('some letters are drawn with fonts of this machine; SVG leaves the choice to the reader')
  return png(drawn, scale)
}

/** The command lines of a chain, oldest first; those made with --no-pg have none. */
const commandsOf = (provenance: readonly ProvenanceRecord[]): string[] =>
  provenance.map(({ cl }) => cl).filter(cl => cl !== '')
