import type { Point } from '../plot/points.js'
import { CLASSES, REST, SERIES } from './theme.js'

export interface Colours {
  /** The name in the legend of every point. */
  names: string[]
  /** Names and colours, in the order of the legend. */
  domain: string[]
  range: string[]
}

/**
 * Colours by modality, or by the values of a column: the commonest have one each, since no more
 * than that can be told apart; all others are grey together.
 */
export const colourOf = (points: readonly Point[], column: string | undefined): Colours => {
  if (column === undefined) {
    const domain = [...new Set(points.map(({ modality }) => modality))]
    const range = domain.map((_, i) => SERIES[i % SERIES.length]!)
    return { names: points.map(({ modality }) => modality), domain, range }
  }
  const counts = new Map<string, number>()
  for (const { value } of points)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  const order = [...counts.keys()].sort(
    (a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1),
  )
  const coloured = order.slice(0, CLASSES.length).sort(naturally)
  const rest = order.length - coloured.length
  const others = `${rest} others`
  const none = `no ${column}`
  const names = points.map(({ value }) =>
    value === null ? none : coloured.includes(value) ? value : others,
  )
  const greys = [...(rest > 0 ? [others] : []), ...(names.includes(none) ? [none] : [])]
  return {
    names,
    domain: [...coloured, ...greys],
    range: [...CLASSES.slice(0, coloured.length), ...greys.map(() => REST)],
  }
}

/** 2 before 10; the same on every machine, whatever its language. */
const naturally = (a: string, b: string): number =>
  Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0)
