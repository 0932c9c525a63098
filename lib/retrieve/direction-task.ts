import type { Direction } from './direction.js'
import type { Entries } from './entries.js'
import type { Relation } from './relation.js'
import type { Similarity } from './similarity.js'

/** One direction with its entries at hand, for whoever wants more of it than its ranks. */
export interface DirectionTask {
  direction: Direction
  query: Entries
  gallery: Entries
  ids(entries: Entries): string[]
  relevant: Relation
  /** Entries that are no candidates of a query: the item itself, within a modality. */
  excluded?: Relation
  /** How relevant an entry is, where not all that is relevant is so to the same degree. */
  grade?: (query: number, entry: number) => number
  similarity: Similarity
}
