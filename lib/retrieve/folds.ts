import { badUsage } from '../error.js'
import type { Ranked } from './evaluate.js'
import { mean } from './measures.js'
import { firstGiven } from './program/given.js'
import type { SideCounts } from './side.js'
import type { Items } from './uncertainty/items.js'

/** Parts of a gallery that are searched apart, as COCO's five thousand in fives of a thousand. */
export interface Folds {
  count: number
  /** Entries in the gallery of each. */
  pools: number[]
}

/**
 * One byte a row and fold: 1 where the row's item is in the fold. Folds are of consecutive items, in
 * the order in which they first appear; so an item's captions stay together (METHODS 4.1).
 */
export const foldsOf = ({ of, count }: Items, folds: number): Uint8Array[] => {
  if (folds > count) throw badUsage(`--folds ${folds}: there are ${count} items only`)
  return Array.from({ length: folds }, (_, fold) => {
    const first = Math.floor((count * fold) / folds)
    const end = Math.floor((count * (fold + 1)) / folds)
    return Uint8Array.from(of, item => Number(item >= first && item < end))
  })
}

/** The mean of a direction's metrics over folds; what is counted is counted in all. */
export const overFolds = (parts: readonly Ranked[]): Ranked => {
  const first = parts[0]!
  const answered = parts.filter(({ queries }) => queries > 0)
  const total = (of: (part: Ranked) => number) => parts.reduce((sum, part) => sum + of(part), 0)
  const meanOf = (of: (part: Ranked) => number | null) => mean(answered.map(part => of(part)!))
  const counts = (of: (part: Ranked) => SideCounts): SideCounts => ({
    // Combinations are made of all rows at once.
    ...of(first),
    missing: total(part => of(part).missing),
    merged: total(part => of(part).merged),
  })
  const queries = total(part => part.queries)
  const pools = parts.map(({ pool }) => pool)
  return {
    ...first,
    queries,
    pool: Math.min(...pools),
    measures: Object.fromEntries(
      Object.keys(first.measures).map(key => [key, meanOf(({ measures }) => measures[key]!)]),
    ),
    sum: meanOf(({ sum }) => sum),
    positives:
      queries === 0
        ? null
        : {
            min: Math.min(...answered.map(({ positives }) => positives!.min)),
            mean:
              answered.reduce((sum, part) => sum + part.positives!.mean * part.queries, 0) /
              queries,
            max: Math.max(...answered.map(({ positives }) => positives!.max)),
          },
    ties: total(({ ties }) => ties),
    unanswerable: total(({ unanswerable }) => unanswerable),
    query: counts(({ query }) => query),
    gallery: counts(({ gallery }) => gallery),
    folds: { count: parts.length, pools },
  }
}

/** Options that look at queries one by one, or at the whole gallery. */
const OF_THE_WHOLE: Record<string, string> = {
  bootstrap: '--bootstrap',
  against: '--against',
  by: '--by',
  label: '--label',
  hubness: '--hubness',
  geometry: '--geometry',
  query: '--query',
  gallery: '--gallery',
  run: '--run',
  writeQrels: '--write-qrels',
  shard: '--shard',
  tune: '--tune',
  mrv: '--mrv',
}

/** Refuses (64) what has no meaning as a mean over folds. */
export const refuseForFolds = (args: Readonly<Record<string, unknown>>): void => {
  if (args['folds'] === undefined) return
  const named = firstGiven(args, OF_THE_WHOLE)
  const refused = named ?? (args['format'] === 'ranks' ? '--format ranks' : undefined)
  if (refused !== undefined)
    throw badUsage(`--folds and ${refused}: a mean over folds has none`, 'leave one of them out')
}
