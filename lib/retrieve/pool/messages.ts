import type { TieRule } from '../tie.js'
import type { GalleryCodes } from '../rough/codes.js'
import type { Vectors } from '../vectors.js'
import type { Lists } from './lists.js'

/** How a thread is started. */
export interface Start {
  /** Threads of its engine. */
  threads: number
  dim: number
  /** Queries of a job, at most. */
  queries: number
}

/** What a thread is asked. Memory of the gallery is shared, that of the queries changes hands. */
export interface Job {
  first: number
  queries: Vectors
  gallery: Vectors
  codes: GalleryCodes
  maxNorm: number
  relevant: Lists
  excluded?: Lists
  /** The grade of each value of `relevant`. */
  graded?: { grades: Float64Array; ties: TieRule }
}

/** Its answer: the tallies of the job's queries, in order. */
export interface Done {
  first: number
  greater: Lists
  equal: Lists
  /** End to end, as in `greater`. */
  grades?: Float64Array
}
