import { badData } from '../../error.js'
import type { Evaluated } from '../evaluation.js'
import type { Settings } from '../report/record.js'
import type { TieRule } from '../tie.js'

/** What a stream of ranks says of a direction: all that does not follow from its rows. */
export type DirectionFacts = Pick<
  Evaluated,
  | 'direction'
  | 'relevance'
  | 'queries'
  | 'pool'
  | 'positives'
  | 'unanswerable'
  | 'opposed'
  | 'bank'
  | 'query'
  | 'gallery'
>

/** The metadata `pcm.ranks`: the same in all shards of the queries. */
export interface RanksFacts {
  directions: DirectionFacts[]
  /** Items that resamples draw from. */
  items: number
  /** Columns that part the queries. */
  by: string[]
  /** The tie rule that grades stand in the order of; none where there are no grades. */
  gradedBy: TieRule | null
  /** What the protocol says of how scores were made. */
  made: Pick<
    Settings,
    'engine' | 'where' | 'query' | 'gallery' | 'qrelsFile' | 'gain' | 'correction' | 'rerank'
  >
}

export const RANKS = 'pcm.ranks'

export const directionFacts = (evaluated: Evaluated): DirectionFacts => {
  const { direction, relevance, queries, pool, positives, unanswerable, opposed, bank } = evaluated
  const { query, gallery } = evaluated
  return {
    ...{ direction, relevance, queries, pool, positives, unanswerable, opposed, bank },
    query: countsOf(query),
    gallery: countsOf(gallery),
  }
}

const countsOf = ({ missing, merged, complete, opposed }: DirectionFacts['query']) => ({
  ...{ missing, merged, complete, opposed },
})

/** Reads the metadata of a stream of ranks. */
export const parseFacts = (metadata: ReadonlyMap<string, string>, source: string): RanksFacts => {
  try {
    const facts = JSON.parse(metadata.get(RANKS) ?? '') as RanksFacts
    if (facts.directions.length > 0 && facts.items >= 0 && Array.isArray(facts.by)) return facts
  } catch {
    // Said below, whatever it was.
  }
  throw badData(`${source}: metadata ${RANKS} does not say what was ranked`)
}
