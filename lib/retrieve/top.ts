import { dot } from './dot.js'
import type { Similarity } from './similarity.js'
import { largestNorm, type Vectors } from './vectors.js'

/** The best of the gallery for one query. */
export interface Top {
  query: number
  /** The k best entries, best first, and all that are level with the last; the lower index first. */
  entries: Int32Array
  /** Their exact scores (dot.ts). */
  scores: Float64Array
}

export interface TopTask {
  queries: Vectors
  gallery: Vectors
  k: number
  similarity: Similarity
}

/**
 * Finds the k best entries for every query, exactly: whatever rounding could have pushed out of the
 * first k is scored again in float64. Needs memory for a block of scores.
 */
export async function* topEntries({
  queries,
  gallery,
  k,
  similarity,
}: TopTask): AsyncGenerator<Top> {
  const slack = similarity.slack(queries.dim, Math.max(largestNorm(queries), largestNorm(gallery)))
  for (let first = 0; first < queries.count; first += similarity.queriesPerBlock) {
    const count = Math.min(similarity.queriesPerBlock, queries.count - first)
    const races = Array.from({ length: count }, () => new Race(Math.min(k, gallery.count), slack))
    for await (const block of similarity.scores(queries, first, count, gallery))
      for (let q = 0; q < count; q++)
        for (let e = 0, at = q * block.stride; e < block.entries; e++, at++)
          races[q]!.enter(block.firstEntry + e, block.scores[at]!)
    for (let q = 0; q < count; q++) yield judge(races[q]!, queries, first + q, gallery)
  }
}

/** Who can still be among the first k, judged by scores that are off by up to `slack`. */
class Race {
  private entries: number[] = []
  private scores: number[] = []
  /** The k best scores so far, best first. */
  private readonly best: number[] = []

  constructor(
    readonly k: number,
    private readonly slack: number,
  ) {}

  enter(entry: number, score: number): void {
    if (score < this.bar()) return
    this.entries.push(entry)
    this.scores.push(score)
    if (this.best.length === this.k && score <= this.best[this.k - 1]!) return
    let place = Math.min(this.best.length, this.k - 1)
    for (; place > 0 && this.best[place - 1]! < score; place--)
      this.best[place] = this.best[place - 1]!
    this.best[place] = score
  }

  /** The k-th best is truly above its score minus slack, an entry below its own plus slack. */
  candidates(): number[] {
    return this.entries.filter((_, i) => this.scores[i]! >= this.bar())
  }

  private bar(): number {
    return this.best.length < this.k ? -Infinity : this.best[this.k - 1]! - 2 * this.slack
  }
}

const judge = (race: Race, queries: Vectors, query: number, gallery: Vectors): Top => {
  const ranked = race
    .candidates()
    .map(entry => ({
      entry,
      score: dot(queries.values, query, gallery.values, entry, gallery.dim),
    }))
    .sort((a, b) => b.score - a.score || a.entry - b.entry)
  const last = ranked[race.k - 1]?.score
  const kept = ranked.filter(({ score }) => last === undefined || score >= last)
  return {
    query,
    entries: Int32Array.from(kept, ({ entry }) => entry),
    scores: Float64Array.from(kept, ({ score }) => score),
  }
}
