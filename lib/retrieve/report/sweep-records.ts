import type { Evaluated } from '../evaluation.js'
import type { Sweep } from '../sweep.js'
import { round } from './round.js'
import type { MetricRecord, Settings } from './record.js'

/** Which combination helps: the first metric of each, and its lead over the best single modality. */
export interface Swept {
  direction: string
  /** Those that have any of the modalities, so combinations can have more than single ones. */
  queries: number
  value: number
  gain: number
  /** How many modalities are combined. */
  combined: number
}

/** The combinations of a sweep, best first; of equal ones the smaller. */
export const swept = (
  { name, directions }: Sweep,
  evaluations: readonly Evaluated[],
  { metrics }: Pick<Settings, 'metrics'>,
): Swept[] => {
  const metric = metrics[0]
  if (!metric) return []
  const better = metric.unit === 'rank' ? -1 : 1
  const combinedSide = name.startsWith('*') ? 'query' : 'gallery'
  const found = evaluations.flatMap(({ direction, measures, queries }) => {
    const value = measures[metric.name]
    if (!directions.includes(direction.name) || typeof value !== 'number') return []
    const combined = direction[combinedSide].parts.length
    return [{ direction: direction.name, queries, value, combined }]
  })
  const single = found.filter(({ combined }) => combined === 1).map(({ value }) => better * value)
  return found
    .map(each => ({ ...each, gain: better * each.value - Math.max(...single) }))
    .toSorted((a, b) => b.gain - a.gain || a.combined - b.combined)
}

/** A record a sweep; what it is the best of was seen, so it is no measure of what is chosen by it. */
export const sweepRecords = (
  sweeps: readonly Sweep[],
  evaluations: readonly Evaluated[],
  settings: Settings,
): MetricRecord[] =>
  sweeps.flatMap(sweep => {
    const rows = swept(sweep, evaluations, settings)
    if (!rows[0]) return []
    return [
      {
        direction: sweep.name,
        directions: rows.length,
        metric: settings.metrics[0]!.name,
        best: rows[0].direction,
        gain: round(rows[0].gain),
        combinations: rows.map(({ direction, queries, value, gain }) => ({
          direction,
          queries,
          value: round(value),
          gain: round(gain),
        })),
        protocol: {
          gain: 'over the best single modality',
          weights: settings.tune === undefined ? 'equal' : `chosen on ${settings.tune}`,
          seed: settings.seed,
        },
      },
    ]
  })
