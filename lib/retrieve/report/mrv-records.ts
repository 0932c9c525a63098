import { badUsage } from '../../error.js'
import type { Evaluated } from '../evaluation.js'
import { round } from './round.js'
import type { MetricRecord, Settings } from './record.js'

/** How much the rank of an item depends on which of its queries asks for it (METHODS 3.5, 4.5). */
export interface RankVariance {
  /** The mean over all queries of (rank - mean rank of the item's queries)^2. */
  mrv: number
  items: number
  queries: number
  /** Items with fewer than two queries, or without one in some modality. */
  leftOut: number
}

/** `sides`: the ranks of one modality's queries each, and the items that they are of. */
export const rankVariance = (
  sides: readonly { ids: readonly string[]; ranks: Float64Array }[],
): RankVariance | undefined => {
  const items = new Map<string, { ranks: number[]; sides: Set<number> }>()
  sides.forEach(({ ids, ranks }, side) =>
    ids.forEach((id, query) => {
      const item = items.get(id) ?? { ranks: [], sides: new Set<number>() }
      items.set(id, item)
      item.ranks.push(ranks[query]!)
      item.sides.add(side)
    }),
  )
  const whole = [...items.values()].filter(
    item => item.ranks.length > 1 && item.sides.size === sides.length,
  )
  const queries = whole.reduce((sum, { ranks }) => sum + ranks.length, 0)
  if (queries === 0) return undefined
  let squares = 0
  for (const { ranks } of whole) {
    const mean = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length
    for (const rank of ranks) squares += (rank - mean) ** 2
  }
  const leftOut = items.size - whole.length
  return { mrv: squares / queries, items: whole.length, queries, leftOut }
}

/** Refuses (64) modalities that share no gallery. */
export const checkMrv = (names: readonly string[], directions: readonly string[]): void => {
  const isShared = (gallery: string) =>
    names.every(name => directions.includes(`${name}>${gallery}`))
  if (names.length > 0 && !directions.some(direction => isShared(direction.split('>')[1]!)))
    throw badUsage(
      `--mrv ${names.join(',')}: no gallery is searched by all of them`,
      `there are: ${directions.join(', ')}`,
    )
}

/** A record for every gallery that all the modalities are queries against. */
export const mrvRecords = (
  names: readonly string[],
  evaluations: readonly Evaluated[],
  settings: Settings,
): MetricRecord[] => {
  if (names.length === 0) return []
  const galleries = new Set(evaluations.map(({ direction }) => direction.name.split('>')[1]!))
  return [...galleries].flatMap(gallery => {
    const sides = names.map(name =>
      evaluations.find(({ direction }) => direction.name === `${name}>${gallery}`),
    )
    if (!sides.every(side => side?.ranked)) return []
    const found = rankVariance(sides.map(side => side!.ranked!))
    if (!found) return []
    return [
      {
        direction: `${names.join(',')}>${gallery}`,
        mrv: round(found.mrv),
        items: found.items,
        queries: found.queries,
        pool: sides[0]!.pool,
        protocol: {
          mrv: 'mean over queries of (rank - mean rank of the item)^2',
          left_out: found.leftOut,
          tie_rule: settings.ties,
          seed: settings.seed,
        },
      },
    ]
  })
}
