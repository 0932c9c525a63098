import type { DirectionTask } from '../../retrieve/direction-task.js'
import type { Tally } from '../../retrieve/tally.js'
import { topEntries, type Top } from '../../retrieve/top.js'
import { reorder } from './reorder.js'
import type { Scorer, Sides } from './scorer.js'

/** Pairs of entries gathered before they are scored. */
const AT_ONCE = 4096

export interface Reranking {
  top: number
  /** Which side of the scorer's pair the queries are. */
  queryIs: keyof Sides<unknown>
  /** What the cosine counts beside the score: the logit scale, or 0. */
  scale: number
}

/**
 * Orders the first `top` entries of every query that has relevant ones by how well they match, and
 * puts the outcome in the place of `tallies`, which are those queries' in order. */
export async function rerank(
  task: DirectionTask,
  tallies: Tally[],
  scorer: Scorer,
  { top, queryIs, scale }: Reranking,
): Promise<void> {
  const { query, gallery, relevant, similarity } = task
  const galleryIs = queryIs === 'a' ? 'b' : 'a'
  let waiting: Top[] = []
  let pairs = 0
  let number = 0
  const work = async (): Promise<void> => {
    const places: Sides<number[]> = { a: [], b: [] }
    for (const { query: asked, entries } of waiting)
      for (const entry of entries) {
        places[queryIs].push(query.places[asked]!)
        places[galleryIs].push(gallery.places[entry]!)
      }
    const scores = await scorer.score(places)
    let at = 0
    for (const { query: asked, entries, scores: cosines } of waiting) {
      const first = Array.from(entries, (entry, i) => ({
        entry,
        score: scores[at++]! + scale * cosines[i]!,
      }))
      const wanted = new Set(relevant.of(asked))
      tallies[number] = reorder(tallies[number]!, first, entry => wanted.has(entry))
      number++
    }
    waiting = []
    pairs = 0
  }
  for await (const found of topEntries({
    queries: query.vectors,
    gallery: gallery.vectors,
    k: top,
    similarity,
  })) {
    if (relevant.of(found.query).length === 0) continue
    waiting.push(found)
    pairs += found.entries.length
    if (pairs >= AT_ONCE) await work()
  }
  await work()
}
