import type { Marks } from './count/marks.js'
import type { Pool } from './pool/pool.js'
import type { GalleryCodes } from './rough/codes.js'
import type { Vectors } from './vectors.js'

/**
 * Scores of some queries against some of the gallery: query `q` of the block and gallery vector
 * `firstEntry + e` have `scores[q * stride + e]`. The array may be used again for the next block.
 */
export interface ScoreBlock {
  firstEntry: number
  entries: number
  stride: number
  scores: Float32Array | Float64Array
  /** Counts the scores around marks, where that is quicker than a loop over them. */
  count?(marks: Marks): void
  /** Where it is not that of the similarity: see `rough`. */
  precision?: Precision
  /** Scores the same block again, with the precision of the similarity; the array is gone then. */
  finer?(): Promise<ScoreBlock>
}

/** What the scores of query `q` of a block mean: unit(q) times a score is exact but for slack(q). */
export interface Precision {
  unit(q: number): number
  slack(q: number): number
}

/** Of scores that mean what they say, but for one slack. */
export const uniform = (slack: number): Precision => ({ unit: () => 1, slack: () => slack })

/** The gallery has been coded in blocks of so many columns. */
export interface RoughScores {
  readonly columns: number
  scores(
    queries: Vectors,
    first: number,
    count: number,
    gallery: Vectors & { codes: GalleryCodes },
  ): AsyncIterable<ScoreBlock>
}

/** Something that multiplies blocks of vectors. Whoever uses it needs memory for one block only. */
export interface Similarity {
  /** For the protocol: which arithmetic made the scores. */
  readonly engine: string
  /** Queries that are best scored together. */
  readonly queriesPerBlock: number
  /**
   * How far a score can be from the exact inner product summed in float64 (dot.ts), for vectors of
   * norm up to `maxNorm`. 0: the scores are those of dot.ts, bit for bit.
   */
  slack(dim: number, maxNorm: number): number
  /** The whole gallery, block after block, for queries `first .. first + count - 1`. */
  scores(
    queries: Vectors,
    first: number,
    count: number,
    gallery: Vectors,
  ): AsyncIterable<ScoreBlock>
  /** Quicker scores that are off by more, for whoever can tell which of them do not matter. */
  readonly rough?: RoughScores
  /** Threads that tally, where there is work enough for them. */
  readonly pool?: Pool
  close(): Promise<void>
}
