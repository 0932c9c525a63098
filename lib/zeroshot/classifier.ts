import type { Engine } from '../engine/types.js'
import { exactSimilarity } from '../retrieve/exact-similarity.js'
import { openSimilarity } from '../retrieve/open-similarity.js'
import type { Similarity } from '../retrieve/similarity.js'
import { topEntries, type Top } from '../retrieve/top.js'
import type { Vectors } from '../retrieve/vectors.js'
import type { Prototypes } from './prototypes/prototypes.js'

/** Rows that an engine gets at a time. */
const ROWS = 512

/**
 * Finds the nearest prototypes of vectors that come in batches. How many will come is not known, so
 * the work starts in plain float64 and moves to an engine when it has become worth one.
 */
export class Classifier {
  private similarity: Similarity = exactSimilarity()
  /** Vectors seen so far. */
  vectors = 0

  constructor(
    private readonly prototypes: Prototypes,
    private readonly k: number,
    private readonly openEngine: () => Promise<Engine>,
  ) {}

  /** Which arithmetic makes the scores now; predictions do not depend on it. */
  get engine(): string {
    return this.similarity.engine
  }

  /** The k nearest prototypes of every vector, best first, and all that are level with the last. */
  async *classify(queries: Vectors): AsyncGenerator<Top> {
    const { vectors: gallery } = this.prototypes
    this.vectors += queries.count
    const work = this.vectors * gallery.count * gallery.dim
    if (this.similarity.engine === 'float64')
      this.similarity = await openSimilarity(
        { dim: gallery.dim, queries: ROWS, entries: gallery.count, work },
        this.openEngine,
      )
    yield* topEntries({ queries, gallery, k: this.k, similarity: this.similarity })
  }

  close(): Promise<void> {
    return this.similarity.close()
  }
}
