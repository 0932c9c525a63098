import { formatMetric } from '../../charts/metric-axis.js'
import { isObject } from '../../charts/reading.js'
import { table, type TableRow } from '../../html/table.js'
import { directionRecords, metricsOfSystems, type System } from '../system.js'

/** The sections that are there only where they were asked for. */
export const furtherTables = (systems: readonly System[]): string[] => [
  ...section(
    'By group',
    'The queries of one value each; the gallery stays whole.',
    groups(systems),
  ),
  ...section(
    'Pairs',
    'rsum: r@1 + r@5 + r@10 of both directions, at most 600; r_mean: a sixth of it.',
    pairs(systems),
  ),
  ...section(
    'Hubness',
    'How unevenly entries are among the first k: population skewness of the k-occurrences (never retrieved ones included), the share never retrieved, the largest, the Robin Hood index.',
    hubness(systems),
  ),
  ...section(
    'Geometry',
    'gap: distance of the means of both sides. alignment: mean squared distance of what belongs together; relative, that less the squared distance to the nearest that does not. uniformity: log of the mean of exp(-2 d²) within a side. Effective rank: exponential of the entropy of the singular values. separability: accuracy of a line that tells the sides apart, 0.5 is best.',
    geometry(systems),
  ),
]

const section = (title: string, note: string, found: Parameters<typeof table>[0]): string[] =>
  found.rows.length === 0
    ? []
    : [`<section><h2>${title}</h2><p class="note">${note}</p>${table(found)}</section>`]

const several = (systems: readonly System[], name: string): string[] =>
  systems.length > 1 ? [name] : []

const groups = (systems: readonly System[]) => {
  const metrics = metricsOfSystems(systems)
  return {
    names: ['direction', ...several(systems, 'system'), 'group'],
    heads: ['queries', ...metrics],
    rows: systems.flatMap(({ name, records }) =>
      records
        .filter(({ by }) => typeof by === 'string')
        .map(record => ({
          names: [
            String(record['direction']),
            ...several(systems, name),
            `${record['by']} = ${record['value'] ?? ''}`,
          ],
          cells: [
            String(record['queries']),
            ...metrics.map(metric => formatMetric(metric, record[metric])),
          ],
        })),
    ),
  }
}

const pairs = (systems: readonly System[]) => ({
  names: ['pair', ...several(systems, 'system')],
  heads: ['rsum', 'r_mean'],
  rows: systems.flatMap(({ name, records }) =>
    records
      .filter(({ rsum }) => typeof rsum === 'number')
      .map(({ direction, rsum, r_mean }) => ({
        names: [String(direction), ...several(systems, name)],
        cells: [fixed(rsum, 1), fixed(r_mean, 1)],
      })),
  ),
})

const hubness = (systems: readonly System[]) => ({
  names: ['direction', ...several(systems, 'system')],
  heads: ['k', 'skewness', 'never retrieved, %', 'largest', 'Robin Hood'],
  rows: nested(systems, 'hubness', found => [
    fixed(found['k'], 0),
    fixed(found['skewness'], 3),
    fixed(found['antihub'], 1),
    fixed(found['max'], 1),
    fixed(found['robin_hood'], 3),
  ]),
})

const geometry = (systems: readonly System[]) => ({
  names: ['direction', ...several(systems, 'system')],
  heads: [
    'gap',
    'alignment',
    'relative',
    'uniformity, query',
    'gallery',
    'effective rank, query',
    'gallery',
    'separability',
  ],
  rows: nested(systems, 'geometry', found => [
    fixed(found['gap'], 3),
    fixed(found['alignment'], 3),
    fixed(found['relative_alignment'], 3),
    ...sides(found['uniformity'], 3),
    ...sides(found['effective_rank'], 1),
    fixed(found['separability'], 3),
  ]),
})

const nested = (
  systems: readonly System[],
  key: string,
  cells: (found: Record<string, unknown>) => string[],
): TableRow[] =>
  systems.flatMap(system =>
    directionRecords(system).flatMap(record => {
      const found = record[key]
      if (!isObject(found)) return []
      const names = [String(record['direction']), ...several(systems, system.name)]
      return [{ names, cells: cells(found) }]
    }),
  )

const sides = (value: unknown, digits: number): string[] =>
  isObject(value) ? [fixed(value['query'], digits), fixed(value['gallery'], digits)] : ['-', '-']

const fixed = (value: unknown, digits: number): string =>
  typeof value === 'number' ? value.toFixed(digits) : '-'
