import type { WordVectors } from './word-vectors.js'

/** Words that tell of the common direction; rarer ones have next to no weight in it. */
const COMMON = 20_000
const ITERATIONS = 50

/**
 * Weights a / (a + p) of smooth inverse frequency (Arora, Liang & Ma, "A Simple but Tough-to-Beat
 * Baseline for Sentence Embeddings", ICLR 2017). A file of vectors has no counts; p is Zipf's law
 * over its order, 1 / (rank H_n).
 */
export const sifWeights = (words: number, a: number): Float64Array => {
  let harmonic = 0
  for (let rank = 1; rank <= words; rank++) harmonic += 1 / rank
  return Float64Array.from({ length: words }, (_, at) => a / (a + 1 / ((at + 1) * harmonic)))
}

/**
 * The common direction, which the paper takes from all sentences at once. A stream has no such
 * moment, and shards would differ; so it is the first principal direction (not centred) of the
 * weighted words, each as often as p says, by power iteration. Unit length.
 */
export function commonDirection(
  { values, dim, places }: WordVectors,
  weights: Float64Array,
): Float64Array {
  const words = Math.min(COMMON, places.size)
  let direction = new Float64Array(dim).fill(1 / Math.sqrt(dim))
  for (let step = 0; step < ITERATIONS; step++) {
    const next = new Float64Array(dim)
    for (let word = 0, start = 0; word < words; word++, start += dim) {
      let dot = 0
      for (let at = 0; at < dim; at++) dot += values[start + at]! * direction[at]!
      const factor = (dot * weights[word]! ** 2) / (word + 1)
      for (let at = 0; at < dim; at++) next[at]! += factor * values[start + at]!
    }
    const norm = Math.hypot(...next)
    if (norm === 0) break
    direction = next.map(value => value / norm)
  }
  return direction
}
