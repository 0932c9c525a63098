import type { Row } from './row.js'

const HEADER = ['', 'ours', 'peer', 'ratio', 'floor', 'goal']
const WIDTHS = [34, 11, 11, 8, 11]

export const header = (): string => line(HEADER)

/** One row for people: figures, who the peer is, and what else was found, a line each. */
export const rowForPeople = (row: Row): string => {
  const { name, unit, ours, peer, ratio, floor, against, goal, met, best, rounds, ...more } = row
  const bounds = Object.entries(goal ?? {}).map(
    ([figure, bound]) => `${figure} ${figure === 'ratio' ? '>=' : '<='} ${bound}`,
  )
  const verdict = met === null ? '' : met ? ' (met)' : ' (MISSED)'
  const figures = [
    name,
    withUnit(ours, unit),
    withUnit(peer, unit),
    ratio === null ? '-' : `${ratio.toPrecision(3)} x`,
    withUnit(floor, unit),
    bounds.join(', ') + verdict,
  ]
  const sides = (ours: unknown, peer: unknown) => `ours ${textOf(ours)}, peer ${textOf(peer)}`
  const told =
    ours === null
      ? {}
      : { rounds: sides(rounds.ours, rounds.peer), best: sides(best.ours, best.peer), ...more }
  return [line(figures), ...facts({ peer: against, ...told })].join('\n')
}

/** What holds for all rows. */
export const conditionsForPeople = (conditions: Record<string, unknown>): string =>
  facts(conditions).join('\n')

const facts = (values: Record<string, unknown>): string[] =>
  Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `    ${key}: ${textOf(value)}`)

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0]!) : cell.padStart(WIDTHS[i] ?? 0)))
    .join('  ')

const withUnit = (figure: number | null, unit: Row['unit']): string => {
  if (figure === null) return '-'
  return unit === 'ms' && figure >= 10_000 ? `${(figure / 1000).toFixed(2)} s` : `${figure} ${unit}`
}

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(' ') || 'none'
  if (typeof value !== 'object' || value === null) return String(value ?? 'none')
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${textOf(inner)}`)
    .join(', ')
}
