import type { Engine } from '../engine/types.js'
import { engineSimilarity } from '../retrieve/engine-similarity.js'
import { exactSimilarity } from '../retrieve/exact-similarity.js'
import type { Similarity } from '../retrieve/similarity.js'

/** Multiplications below which plain float64 is as quick as an engine. */
const WORTH_AN_ENGINE = 1e7

/** What compares up to `count` vectors of `dim` numbers with as many. */
export const similarityFor = async (
  engine: Engine,
  { count, dim }: { count: number; dim: number },
): Promise<Similarity> =>
  count * count * dim < WORTH_AN_ENGINE
    ? exactSimilarity()
    : await engineSimilarity({ engine, dim, queries: count, entries: count })
