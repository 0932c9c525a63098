import type { Engine } from '../engine/types.js'
import { exactSimilarity } from './exact-similarity.js'
import { openPool } from './pool/pool.js'
import type { Similarity } from './similarity.js'

/**
 * Multiplications below which plain float64 has answered before an engine has started: about a
 * tenth of a second of work (one core of a Zen 4 server, 1.5 billion multiplications a second),
 * which is what an engine takes to be imported and made ready.
 */
const WORTH_AN_ENGINE = 1.5e8

/**
 * Multiplications from which threads with an engine each are worth starting: they get a quarter
 * more out of the cores than one engine on all of them.
 */
const WORTH_A_POOL = 2e11

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
  const cores = engine.name === 'onnx' ? engine.threads : 1
  const pool = cores > 1 && work >= WORTH_A_POOL ? openPool({ cores, dim }) : undefined
  return {
    ...similarity,
    pool,
    async close() {
      await pool?.close()
      // The engine takes everything with it that was compiled on it.
      await engine.dispose()
    },
  }
}
