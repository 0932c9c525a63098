import { allowed, escapeXml } from '../../html/escape.js'
import type { Chart } from '../chart.js'

/**
 * Draws a chart as SVG text. Equal charts give equal bytes: nothing is measured on this machine.
 * `origin`, the commands that made it, goes into the file's metadata.
 */
export const svg = async (chart: Chart, origin: readonly string[] = []): Promise<string> => {
  const { View, parse } = await import('vega')
  const { compile } = await import('vega-lite')
  const { measureText } = await import('./text-width.js')
  measureText()
  const { spec } = compile(chart.spec as unknown as Parameters<typeof compile>[0])
  const view = new View(parse(spec), { renderer: 'none' })
  try {
    // Vega escapes what has a meaning, but lets through what XML forbids.
    const drawn = allowed(await view.toSVG())
    return `${drawn.replace(/<svg ([^>]*)>/, (_, attributes: string) => opening(attributes, chart, origin))}\n`
  } finally {
    view.finalize()
  }
}

const opening = (attributes: string, { description }: Chart, origin: readonly string[]): string => {
  const made = origin.length ? `<metadata>${escapeXml(origin.join('\n'))}</metadata>` : ''
  return `<svg ${attributes} role="img"><title>${escapeXml(description)}</title>${made}`
}
