import type { Engine } from '../engine/types.js'
import { exactSimilarity } from './exact-similarity.js'
import type { Similarity } from './similarity.js'

/**
 * Multiplications below which plain float64 has answered before an engine has started: about a
 * third of a second of work, against half a second to import, trace and compile (one core of a Zen 4
 * server, 1.5 billion multiplications a second).
 */
const WORTH_AN_ENGINE = 5e8

export interface SimilarityTask {
  dim: number
  /** The largest numbers of queries and of gallery entries of any one product. */
  queries: number
  entries: number
  /** Multiplications in all. */
  work: number
}

/** Chooses how scores are made; the ranks are the same either way. */
export const openSimilarity = async (
  { dim, queries, entries, work }: SimilarityTask,
  openEngine: () => Promise<Engine>,
): Promise<Similarity> => {
  if (work < WORTH_AN_ENGINE) return exactSimilarity()
  const engine = await openEngine()
  const { engineSimilarity } = await import('./engine-similarity.js')
  const similarity = await engineSimilarity({ engine, dim, queries, entries })
  // The engine takes everything with it that was compiled on it.
  return { ...similarity, close: () => engine.dispose() }
}
