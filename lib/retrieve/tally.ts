import { dot } from './dot.js'
import { climber } from './count/climb.js'
import { Ladder } from './ladder.js'
import { difference, type Relation } from './relation.js'
import type { Similarity } from './similarity.js'
import { largestNorm, type Vectors } from './vectors.js'

/**
 * Where the relevant entries of one query stand. Entry j is the j-th best of them; ranks under any
 * tie rule and any metric of a ranking follow from the counts.
 */
export interface Tally {
  query: number
  /** Non-relevant entries scored strictly above relevant entry j. */
  greater: Int32Array
  /** Non-relevant entries whose score equals that of relevant entry j. */
  equal: Int32Array
}

export interface TallyTask {
  queries: Vectors
  gallery: Vectors
  relevant: Relation
  /** Entries that are no candidates of a query, the item itself for one. */
  excluded?: Relation
  similarity: Similarity
  /** The largest norm of all vectors, where it is known. */
  maxNorm?: number
}

/**
 * Counts, for every query, the gallery entries above and level with each of its relevant entries:
 * exact, and in blocks, so memory grows with queries and gallery, never with their product. Scores
 * that rounding leaves undecided are computed again in float64, so the counts are those of a double
 * loop over dot.ts whatever the arithmetic of `similarity` (DESIGN 6, METHODS 4.2, 4.8).
 */
export const tally = (task: TallyTask): AsyncGenerator<Tally> =>
  task.similarity.pool?.tally(task) ?? tallyAlone(task)

/** The same without the help of other threads. */
export async function* tallyAlone(task: TallyTask): AsyncGenerator<Tally> {
  const { queries, gallery, similarity } = task
  const { maxNorm = Math.max(largestNorm(queries), largestNorm(gallery)) } = task
  const slack = similarity.slack(queries.dim, maxNorm)
  for (let first = 0; first < queries.count; first += similarity.queriesPerBlock) {
    const count = Math.min(similarity.queriesPerBlock, queries.count - first)
    const ladders = Array.from({ length: count }, (_, q) => ladderOf(task, first + q))
    const climb = climber(ladders, slack, (q, entry) => exactScore(task, first + q, entry))
    for await (const block of similarity.scores(queries, first, count, gallery)) climb(block)
    for (let q = 0; q < count; q++) yield finish(task, first + q, ladders[q]!)
  }
}

const exactScore = ({ queries, gallery }: TallyTask, query: number, entry: number): number =>
  dot(queries.values, query, gallery.values, entry, queries.dim)

const ladderOf = (task: TallyTask, query: number): Ladder => {
  const relevant = task.relevant.of(query)
  const entries = task.excluded ? difference(relevant, task.excluded.of(query)) : relevant
  return new Ladder(Float64Array.from(entries, entry => exactScore(task, query, entry)))
}

const finish = (task: TallyTask, query: number, ladder: Ladder): Tally => {
  for (const entry of task.excluded?.of(query) ?? [])
    ladder.place(exactScore(task, query, entry), -1)
  return { query, ...ladder.read() }
}
