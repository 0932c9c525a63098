import { dot } from '../dot.js'
import { difference, type Relation } from '../relation.js'
import type { Similarity } from '../similarity.js'
import { largestNorm, type Vectors } from '../vectors.js'

export interface Neighbourhood {
  queries: Vectors
  gallery: Vectors
  relevant: Relation
  /** Entries that are no candidates of a query: the item itself, within a modality. */
  excluded?: Relation
  similarity: Similarity
}

/**
 * How much further what belongs together is apart than the nearest of what does not: the mean, over
 * pairs of a query and a relevant entry, of their squared distance less that of the query to its
 * nearest entry that is not relevant (METHODS 4.7; Oh et al. 2023). Below 0, entries are found;
 * from -4 to 4. Null where no query has both. Exact, and in blocks: scores are made again in float64
 * where they could be the largest.
 */
export const relativeAlignment = async (task: Neighbourhood): Promise<number | null> => {
  const { queries, gallery, similarity } = task
  const slack = similarity.slack(queries.dim, Math.max(largestNorm(queries), largestNorm(gallery)))
  let sum = 0
  let pairs = 0
  for (let first = 0; first < queries.count; first += similarity.queriesPerBlock) {
    const count = Math.min(similarity.queriesPerBlock, queries.count - first)
    const nearest = Array.from({ length: count }, (_, q) => new Nearest(task, first + q))
    for await (const { firstEntry, entries, stride, scores } of similarity.scores(
      queries,
      first,
      count,
      gallery,
    ))
      nearest.forEach((each, q) => {
        for (let e = 0, at = q * stride; e < entries; e++, at++)
          if (scores[at]! + slack > each.score) each.enter(firstEntry + e)
      })
    for (const { positives, score } of nearest) {
      if (score === -Infinity) continue
      for (const positive of positives) sum += 2 * (score - positive)
      pairs += positives.length
    }
  }
  return pairs === 0 ? null : sum / pairs
}

/** The best exact score, so far, of what is not relevant to a query. */
class Nearest {
  score = -Infinity
  readonly positives: Float64Array
  private readonly passed: ReadonlySet<number>

  constructor(
    private readonly task: Neighbourhood,
    private readonly query: number,
  ) {
    const relevant = task.relevant.of(query)
    const excluded = task.excluded?.of(query) ?? new Int32Array(0)
    this.passed = new Set([...relevant, ...excluded])
    this.positives = Float64Array.from(difference(relevant, excluded), entry => this.exact(entry))
  }

  enter(entry: number): void {
    if (!this.passed.has(entry)) this.score = Math.max(this.score, this.exact(entry))
  }

  private exact(entry: number): number {
    const { queries, gallery } = this.task
    return dot(queries.values, this.query, gallery.values, entry, queries.dim)
  }
}
