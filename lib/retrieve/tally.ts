import { dot } from './dot.js'
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
    const ladders = Array.from({ length: count }, (_, q) => ladder(task, first + q))
    for await (const block of similarity.scores(queries, first, count, gallery))
      for (let q = 0; q < count; q++) climb(task, ladders[q]!, block, q * block.stride, slack)
    for (const each of ladders) yield finish(task, each)
  }
}

/** The distinct scores of a query's relevant entries, and how many gallery scores fall between them. */
interface Ladder {
  query: number
  /** Exact scores of the relevant entries, ascending. */
  relevant: Float64Array
  /** The distinct ones among them, ascending. */
  rungs: Float64Array
  /** above[i]: gallery scores over rung i and not over rung i+1. */
  above: Int32Array
  /** Gallery scores that equal rung i. */
  level: Int32Array
}

const ladder = ({ queries, gallery, relevant, excluded }: TallyTask, query: number): Ladder => {
  const entries = excluded ? difference(relevant.of(query), excluded.of(query)) : relevant.of(query)
  const scores = new Float64Array(entries.length)
  for (let i = 0; i < entries.length; i++)
    scores[i] = dot(queries.values, query, gallery.values, entries[i]!, queries.dim)
  scores.sort()
  const rungs = scores.filter((score, i) => i === 0 || score !== scores[i - 1])
  return {
    query,
    relevant: scores,
    rungs,
    above: new Int32Array(rungs.length),
    level: new Int32Array(rungs.length),
  }
}

/** Counts the scores of one query in one block. Most are below the lowest rung and cost one look. */
const climb = (
  { queries, gallery }: TallyTask,
  ladder: Ladder,
  { firstEntry, entries, scores }: ScoreBlock,
  from: number,
  slack: number,
): void => {
  const { query, rungs, above } = ladder
  if (rungs.length === 0) return
  const bottom = rungs[0]! - slack
  for (let e = 0; e < entries; e++) {
    const score = scores[from + e]!
    if (score < bottom) continue
    const rung = rungsBelow(rungs, score - slack)
    if (rung > 0 && !(rungs[rung]! <= score + slack)) above[rung - 1]!++
    else if (slack === 0) place(ladder, score, 1)
    else place(ladder, dot(queries.values, query, gallery.values, firstEntry + e, queries.dim), 1)
  }
}

/** Puts an exact score where it belongs, or takes it away. */
const place = ({ rungs, above, level }: Ladder, score: number, by: 1 | -1): void => {
  const rung = rungsBelow(rungs, score)
  if (rungs[rung] === score) level[rung]! += by
  else if (rung > 0) above[rung - 1]! += by
}

/** How many rungs are strictly below the score. */
const rungsBelow = (rungs: Float64Array, score: number): number => {
  let low = 0
  let high = rungs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rungs[middle]! < score) low = middle + 1
    else high = middle
  }
  return low
}

/** Takes out what is no candidate or is relevant itself, and reads the ladder from the top. */
const finish = ({ queries, gallery, excluded }: TallyTask, ladder: Ladder): Tally => {
  const { query, relevant, rungs, above, level } = ladder
  for (const entry of excluded?.of(query) ?? [])
    place(ladder, dot(queries.values, query, gallery.values, entry, queries.dim), -1)
  for (const score of relevant) place(ladder, score, -1)
  const greater = new Int32Array(relevant.length)
  const equal = new Int32Array(relevant.length)
  let over = 0
  let rung = rungs.length
  for (let j = 0; j < relevant.length; j++) {
    if (relevant[relevant.length - 1 - j] !== rungs[rung]) {
      if (rung < rungs.length) over += level[rung]!
      over += above[--rung]!
    }
    greater[j] = over
    equal[j] = level[rung]!
  }
  return { query, greater, equal }
}
