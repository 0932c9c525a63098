import { badUsage } from '../error.js'

export const PLOT_FORMATS = ['svg', 'png', 'vega-lite', 'csv', 'arrow', 'html'] as const
export type PlotFormat = (typeof PLOT_FORMATS)[number]

const SUFFIXES: [string, PlotFormat][] = [
  ['.svg', 'svg'],
  ['.png', 'png'],
  ['.json', 'vega-lite'],
  ['.html', 'html'],
  ['.csv', 'csv'],
  ['.arrows', 'arrow'],
  ['.arrow', 'arrow'],
]

/** What is asked for, or what the suffix of the output says; SVG where neither says anything. */
export const formatOf = (output: string, asked: PlotFormat | undefined): PlotFormat => {
  const [, told] = SUFFIXES.find(([suffix]) => output.toLowerCase().endsWith(suffix)) ?? []
  if (asked !== undefined) return asked
  if (told !== undefined) return told
  if (output === '-' || !/\.[a-z]\w*$/i.test(output)) return 'svg'
  throw badUsage(
    `--output ${output}: found an unknown suffix, expected one of ${SUFFIXES.map(([suffix]) => suffix).join(', ')}`,
    'or say what it is to be with --format',
  )
}
