import { dot } from '../dot.js'
import type { DirectionTask } from '../direction-task.js'
import { randomBits } from '../uncertainty/random.js'

/** An entry of the gallery as a query found it. */
export interface Found {
  entry: number
  /** From 1; the lower index first among equal scores. */
  rank: number
  score: number
  right: boolean
}

/** One query, its first answers, and the best right one where it is not among these. */
export interface Example {
  query: number
  first: Found[]
  right?: Found
  /** How many entries are right. */
  rights: number
}

/** Draws queries that have a right answer, and ranks the whole gallery for each, exactly. */
export const chooseExamples = (
  task: DirectionTask,
  { count, depth, seed }: { count: number; depth: number; seed: number },
): Example[] => {
  const { query } = task
  const next = randomBits(seed, 6)
  const order = Int32Array.from({ length: query.rows.length }, (_, i) => i)
  const examples: Example[] = []
  for (let i = 0; i < order.length && examples.length < count; i++) {
    const j = i + Math.floor((next() / 2 ** 32) * (order.length - i))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
    const found = rankAll(task, order[i]!)
    const rights = found.filter(({ right }) => right)
    if (rights.length === 0) continue
    const first = found.slice(0, depth)
    const [best] = rights
    examples.push({
      query: order[i]!,
      first,
      rights: rights.length,
      ...(best!.rank > depth && { right: best }),
    })
  }
  // In the order of the stream, so that one direction can be held against another.
  return examples.sort((a, b) => query.rows[a.query]! - query.rows[b.query]!)
}

const rankAll = ({ query, gallery, relevant, excluded }: DirectionTask, q: number): Found[] => {
  const right = new Set(relevant.of(q))
  const out = new Set(excluded?.of(q) ?? [])
  const { vectors } = gallery
  return Array.from({ length: vectors.count }, (_, entry) => entry)
    .filter(entry => !out.has(entry))
    .map(entry => ({
      entry,
      score: dot(query.vectors.values, q, vectors.values, entry, vectors.dim),
      right: right.has(entry),
    }))
    .sort((a, b) => b.score - a.score || a.entry - b.entry)
    .map((each, at) => ({ ...each, rank: at + 1 }))
}
