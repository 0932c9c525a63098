import type { Similarity } from './similarity.js'
import type { Vectors } from './vectors.js'

/** 64 x 512 scores stay in the processor's cache. Both numbers are even, the second divides by 4. */
const QUERIES = 64
const ENTRIES = 512

/**
 * Products in float64, in plain JavaScript: the scores of dot.ts themselves. It needs no engine, so
 * it answers first where there is little to multiply.
 */
export const exactSimilarity = (): Similarity => {
  const scores = new Float64Array(QUERIES * ENTRIES)
  return {
    engine: 'float64',
    queriesPerBlock: QUERIES,
    slack: () => 0,
    async *scores(queries, first, count, gallery) {
      const block = new Float64Array(QUERIES * queries.dim)
      block.set(queries.values.subarray(first * queries.dim, (first + count) * queries.dim))
      for (let firstEntry = 0; firstEntry < gallery.count; firstEntry += ENTRIES) {
        const entries = Math.min(ENTRIES, gallery.count - firstEntry)
        for (let e = 0; e < entries; e += 4)
          multiply(block, count, interleaved(gallery, firstEntry + e), scores, e)
        yield { firstEntry, entries, stride: ENTRIES, scores }
      }
    },
    close: async () => {},
  }
}

/** Four gallery vectors side by side, number by number; zeros past the end. */
const interleaved = ({ count, dim, values }: Vectors, first: number): Float64Array => {
  const four = new Float64Array(4 * dim)
  for (let vector = 0; vector < 4 && first + vector < count; vector++)
    for (let i = 0; i < dim; i++) four[4 * i + vector] = values[(first + vector) * dim + i]!
  return four
}

/** Two queries by four entries at a time; each sum still runs from the first number to the last. */
const multiply = (
  queries: Float64Array,
  count: number,
  four: Float64Array,
  scores: Float64Array,
  entry: number,
): void => {
  const dim = four.length / 4
  for (let q = 0; q < count; q += 2) {
    const one = q * dim
    const two = one + dim
    let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0]
    for (let i = 0, at = 0; i < dim; i++, at += 4) {
      const x = queries[one + i]!
      const y = queries[two + i]!
      const s = four[at]!
      const t = four[at + 1]!
      const u = four[at + 2]!
      const v = four[at + 3]!
      a += x * s
      b += x * t
      c += x * u
      d += x * v
      e += y * s
      f += y * t
      g += y * u
      h += y * v
    }
    const to = q * ENTRIES + entry
    scores[to] = a
    scores[to + 1] = b
    scores[to + 2] = c
    scores[to + 3] = d
    scores[to + ENTRIES] = e
    scores[to + ENTRIES + 1] = f
    scores[to + ENTRIES + 2] = g
    scores[to + ENTRIES + 3] = h
  }
}
