import type { Engine } from '../engine/types.js'
import { dot } from '../retrieve/dot.js'
import { exactSimilarity } from '../retrieve/exact-similarity.js'
import { openSimilarity } from '../retrieve/open-similarity.js'
import type { Similarity } from '../retrieve/similarity.js'
import { topEntries, type Top } from '../retrieve/top.js'
import type { Vectors } from '../retrieve/vectors.js'
import { stack } from './generalised/stack.js'
import { subset, type LabelSpace } from './label-space.js'

/** Rows that an engine gets at a time. */
const ROWS = 512

/**
 * Multiplications a vector below which the rest of what is done for each takes longer than plain
 * float64, so that an engine would take memory and save nothing.
 */
const WORTH_AN_ENGINE = 1 << 14

/** The nearest classes of one vector. */
export interface Nearest {
  query: number
  /** The k nearest, best first, and all that are level with the last. */
  top: Top
  /** The same among the seen and among the unseen classes, before anything is subtracted. */
  sides: { seen: Top; unseen: Top } | undefined
}

/**
 * Finds the nearest prototypes of vectors that come in batches. How many will come is not known, so
 * the work starts in plain float64 and moves to an engine when it has become worth one.
 */
export class Classifier {
  private similarity: Similarity = exactSimilarity()
  private readonly sides: { seen: Side; unseen: Side } | undefined
  /** Vectors seen so far. */
  vectors = 0

  constructor(
    readonly space: LabelSpace,
    private readonly k: number,
    private readonly openEngine: () => Promise<Engine>,
  ) {
    const { prototypes, unseen } = space
    const all = [...prototypes.names.keys()]
    this.sides = unseen && {
      seen: sideOf(
        prototypes.vectors,
        all.filter(i => !unseen.has(i)),
      ),
      unseen: sideOf(
        prototypes.vectors,
        all.filter(i => unseen.has(i)),
      ),
    }
  }

  /** Which arithmetic makes the scores now; predictions do not depend on it. */
  get engine(): string {
    return this.similarity.engine
  }

  /** The nearest classes of every vector, after `gamma` is subtracted from scores of seen ones. */
  async *classify(queries: Vectors, gamma: number): AsyncGenerator<Nearest> {
    const { vectors: gallery } = this.space.prototypes
    this.vectors += queries.count
    const each = gallery.count * gallery.dim
    const work = this.vectors * each
    if (this.similarity.engine === 'float64' && each >= WORTH_AN_ENGINE)
      this.similarity = await openSimilarity(
        { dim: gallery.dim, queries: ROWS, entries: gallery.count, work },
        this.openEngine,
      )
    if (!this.sides) {
      for await (const top of this.nearest(queries, gallery))
        yield { query: top.query, top, sides: undefined }
      return
    }
    const seen = await this.side(queries, this.sides.seen)
    const unseen = await this.side(queries, this.sides.unseen)
    for (let query = 0; query < queries.count; query++) {
      const sides = { seen: seen[query]!, unseen: unseen[query]! }
      yield { query, top: stack(sides.seen, sides.unseen, gamma, this.k), sides }
    }
  }

  /** The exact scores of one vector for every class, as `classify` compares them. */
  scores(queries: Vectors, query: number, gamma: number): Float64Array {
    const { prototypes, unseen } = this.space
    const { count, dim, values } = prototypes.vectors
    return Float64Array.from({ length: count }, (_, entry) => {
      const score = dot(queries.values, query, values, entry, dim)
      return unseen && !unseen.has(entry) ? score - gamma : score
    })
  }

  close(): Promise<void> {
    return this.similarity.close()
  }

  private async side(queries: Vectors, { vectors, indices }: Side): Promise<Top[]> {
    const tops: Top[] = []
    for await (const top of this.nearest(queries, vectors))
      tops[top.query] = { ...top, entries: top.entries.map(entry => indices[entry]!) }
    return tops
  }

  private nearest(queries: Vectors, gallery: Vectors): AsyncGenerator<Top> {
    return topEntries({ queries, gallery, k: this.k, similarity: this.similarity })
  }
}

/** The prototypes of one side and their indices among all. */
interface Side {
  vectors: Vectors
  indices: readonly number[]
}

const sideOf = (vectors: Vectors, indices: readonly number[]): Side => ({
  vectors: subset(vectors, indices),
  indices,
})
