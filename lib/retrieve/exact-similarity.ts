import type { Similarity } from './similarity.js'
import type { Vectors } from './vectors.js'

/** Gallery vectors per block: 64 x 512 scores stay in the processor's cache. */
const ENTRIES = 512
const QUERIES = 64

/**
 * Products in float64, in plain JavaScript: the scores of dot.ts themselves. It needs no engine, so
 * it answers first where there is little to multiply.
 */
export const exactSimilarity = (): Similarity => {
  const scores = new Float64Array(QUERIES * ENTRIES)
  return {
    engine: 'none (float64)',
    queriesPerBlock: QUERIES,
    slack: () => 0,
    async *scores(queries, first, count, gallery) {
      for (let firstEntry = 0; firstEntry < gallery.count; firstEntry += ENTRIES) {
        const entries = Math.min(ENTRIES, gallery.count - firstEntry)
        product(queries, first, count, gallery, firstEntry, entries, scores)
        yield { firstEntry, entries, stride: ENTRIES, scores }
      }
    },
    close: async () => {},
  }
}

/** Four gallery vectors at a time; each sum still runs from the first number to the last. */
const product = (
  queries: Vectors,
  firstQuery: number,
  count: number,
  gallery: Vectors,
  firstEntry: number,
  entries: number,
  scores: Float64Array,
): void => {
  const { dim, values: g } = gallery
  const query = new Float64Array(dim)
  for (let q = 0; q < count; q++) {
    query.set(queries.values.subarray((firstQuery + q) * dim, (firstQuery + q + 1) * dim))
    const to = q * ENTRIES
    for (let e = 0; e < entries; e += 4) {
      // The last vectors are computed once more rather than past the end.
      const at = Math.max(0, Math.min(e, entries - 4))
      const a = (firstEntry + at) * dim
      const b = a + dim
      const c = b + dim
      const d = c + dim
      let sa = 0
      let sb = 0
      let sc = 0
      let sd = 0
      for (let i = 0; i < dim; i++) {
        const x = query[i]!
        sa += x * g[a + i]!
        sb += x * g[b + i]!
        sc += x * g[c + i]!
        sd += x * g[d + i]!
      }
      scores[to + at] = sa
      scores[to + at + 1] = sb
      scores[to + at + 2] = sc
      scores[to + at + 3] = sd
    }
  }
}
