import { dot } from './dot.js'
import { Ladder } from './ladder.js'
import { difference, type Relation } from './relation.js'
import type { ScoreBlock, Similarity } from './similarity.js'
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
}

/**
 * Counts, for every query, the gallery entries above and level with each of its relevant entries:
 * exact, and in blocks, so memory grows with queries and gallery, never with their product. Scores
 * that rounding leaves undecided are computed again in float64, so the counts are those of a double
 * loop over dot.ts whatever the arithmetic of `similarity` (DESIGN 6, METHODS 4.2, 4.8).
 */
export async function* tally(task: TallyTask): AsyncGenerator<Tally> {
  const { queries, gallery, similarity } = task
  const slack = similarity.slack(queries.dim, Math.max(largestNorm(queries), largestNorm(gallery)))
  for (let first = 0; first < queries.count; first += similarity.queriesPerBlock) {
    const count = Math.min(similarity.queriesPerBlock, queries.count - first)
    const ladders = Array.from({ length: count }, (_, q) => ladderOf(task, first + q))
    for await (const block of similarity.scores(queries, first, count, gallery))
      for (let q = 0; q < count; q++)
        climb(ladders[q]!, block, q * block.stride, slack, e =>
          exactScore(task, first + q, block.firstEntry + e),
        )
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

/** Scores that are looked at together. */
const RUN = 256

/** Counts one query's scores in a block: run after run, and one by one where it is close. */
const climb = (
  ladder: Ladder,
  { scores, entries }: ScoreBlock,
  from: number,
  slack: number,
  exact: (entry: number) => number,
): void => {
  const { rungs, above } = ladder
  if (rungs.length === 0) return
  const floor = rungs[0]! - slack
  const ceiling = rungs[0]! + slack
  for (let run = 0; run < entries; run += RUN) {
    const end = Math.min(run + RUN, entries)
    const reaching = countFrom(scores, from + run, from + end, floor)
    if (reaching === 0) continue
    const clear = rungs.length === 1 ? countAbove(scores, from + run, from + end, ceiling) : 0
    if (clear === reaching) above[0]! += clear
    else
      for (let e = run; e < end; e++)
        if (scores[from + e]! >= floor) step(ladder, scores[from + e]!, slack, e, exact)
  }
}

// Number(...) adds without a branch, which would be guessed wrong half of the time.
const countFrom = (scores: ScoreBlock['scores'], from: number, to: number, low: number): number => {
  let count = 0
  for (let i = from; i < to; i++) count += Number(scores[i]! >= low)
  return count
}

const countAbove = (scores: ScoreBlock['scores'], from: number, to: number, high: number) => {
  let count = 0
  for (let i = from; i < to; i++) count += Number(scores[i]! > high)
  return count
}

/** Places a score that is off by up to `slack`: for certain where it can be, else exactly. */
const step = (
  ladder: Ladder,
  score: number,
  slack: number,
  entry: number,
  exact: (entry: number) => number,
): void => {
  const { rungs, above } = ladder
  const rung = ladder.rungsBelow(score - slack)
  if (rung > 0 && !(rungs[rung]! <= score + slack)) above[rung - 1]!++
  else ladder.place(slack === 0 ? score : exact(entry), 1)
}
