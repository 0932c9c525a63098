import { dot } from './dot.js'
import { climber, isFew } from './count/climb.js'
import { Ladder } from './ladder.js'
import { difference, type Relation } from './relation.js'
import type { GalleryCodes } from './rough/codes.js'
import { uniform, type Similarity } from './similarity.js'
import type { TieRule } from './tie.js'
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
  /** How relevant entry j is, where the task has grades. */
  grades?: Float64Array
}

export interface TallyTask {
  queries: Vectors
  gallery: Vectors
  relevant: Relation
  /** Entries that are no candidates of a query, the item itself for one. */
  excluded?: Relation
  /** How relevant an entry is to a query, and in which order equal scores stand. */
  graded?: { grade: (query: number, entry: number) => number; ties: TieRule }
  similarity: Similarity
  /** The gallery in bytes, where its entries are to be scored roughly first. */
  codes?: GalleryCodes
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
  const precision = uniform(similarity.slack(queries.dim, maxNorm))
  for (let first = 0; first < queries.count; first += similarity.queriesPerBlock) {
    const count = Math.min(similarity.queriesPerBlock, queries.count - first)
    const ladders = Array.from({ length: count }, (_, q) => ladderOf(task, first + q))
    const climb = climber(ladders, precision, (q, entry) => exactScore(task, first + q, entry))
    const { rough } = similarity
    const { codes } = task
    const blocks =
      rough && codes && ladders.every(isFew)
        ? rough.scores(queries, first, count, { ...gallery, codes })
        : similarity.scores(queries, first, count, gallery)
    for await (const block of blocks) await climb(block)
    for (let q = 0; q < count; q++) yield finish(task, first + q, ladders[q]!)
  }
}

const exactScore = ({ queries, gallery }: TallyTask, query: number, entry: number): number =>
  dot(queries.values, query, gallery.values, entry, queries.dim)

const ladderOf = (task: TallyTask, query: number): Ladder =>
  new Ladder(Float64Array.from(wanted(task, query), entry => exactScore(task, query, entry)))

/** The relevant entries of a query that are candidates. */
const wanted = ({ relevant, excluded }: TallyTask, query: number): Int32Array =>
  excluded ? difference(relevant.of(query), excluded.of(query)) : relevant.of(query)

const finish = (task: TallyTask, query: number, ladder: Ladder): Tally => {
  for (const entry of task.excluded?.of(query) ?? [])
    ladder.place(exactScore(task, query, entry), -1)
  return { query, ...ladder.read(), ...(task.graded && { grades: gradesOf(task, query) }) }
}

/** Grades of the relevant entries, best score first; level ones as the tie rule has it. */
const gradesOf = (task: TallyTask, query: number): Float64Array => {
  const { grade, ties } = task.graded!
  const ranked = Array.from(wanted(task, query), entry => ({
    score: exactScore(task, query, entry),
    grade: grade(query, entry),
  }))
  const better = ties === 'optimistic' ? 1 : -1
  ranked.sort((a, b) => b.score - a.score || better * (b.grade - a.grade))
  if (ties !== 'mean') return Float64Array.from(ranked, ({ grade }) => grade)
  return Float64Array.from(ranked, ({ score }) => {
    const level = ranked.filter(other => other.score === score)
    return level.reduce((sum, { grade }) => sum + grade, 0) / level.length
  })
}
