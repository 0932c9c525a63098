/** Looks of all charts: print and screen, legible to those who cannot tell red from green. */

/** Letters that PNG files are drawn with; a browser that lacks them has something as wide. */
export const FONT = 'DejaVu Sans, Verdana, Geneva, sans-serif'

/** Few things side by side: systems, modalities (Okabe and Ito 2008, without black and yellow). */
export const SERIES = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f']

/** Classes: Paul Tol's muted scheme; pale grey is for all that have no colour of their own. */
export const CLASSES = [
  '#cc6677',
  '#332288',
  '#ddcc77',
  '#117733',
  '#88ccee',
  '#882255',
  '#44aa99',
  '#999933',
  '#aa4499',
]
export const REST = '#c8c8c8'

/** Shapes that keep apart when small. */
export const SHAPES = ['circle', 'triangle-up', 'square', 'diamond', 'cross', 'triangle-down']

export const INK = '#222222'
const PALE = '#e4e4e4'

/** Vega-Lite's `config` of every chart. */
export const config = {
  background: '#ffffff',
  font: FONT,
  padding: 12,
  view: { stroke: PALE },
  axis: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
    labelLimit: 320,
    labelFlush: false,
    gridColor: PALE,
    domainColor: '#888888',
    tickColor: '#888888',
  },
  legend: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelLimit: 260,
    titleLimit: 260,
    symbolSize: 70,
    symbolOpacity: 1,
  },
  title: {
    color: INK,
    subtitleColor: '#555555',
    fontSize: 14,
    subtitleFontSize: 11,
    anchor: 'start',
    fontWeight: 600,
    offset: 12,
    subtitlePadding: 5,
  },
  range: { category: SERIES },
} as const
