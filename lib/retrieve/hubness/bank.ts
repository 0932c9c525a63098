import type { Similarity } from '../similarity.js'
import { topEntries } from '../top.js'
import type { Vectors } from '../vectors.js'

/**
 * log(sum over the bank of exp(beta * score)) for every gallery entry, with the largest exponent
 * taken out, so it is finite for any beta. Bank and entry with the same key (>= 0) are the same item
 * and do not count; -Infinity where nothing is left.
 */
export const logSums = async (
  bank: Vectors,
  gallery: Vectors,
  beta: number,
  similarity: Similarity,
  same?: { bank: Int32Array; gallery: Int32Array },
): Promise<Float64Array> => {
  const largest = new Float64Array(gallery.count).fill(-Infinity)
  const sums = new Float64Array(gallery.count)
  for (let first = 0; first < bank.count; first += similarity.queriesPerBlock) {
    const count = Math.min(similarity.queriesPerBlock, bank.count - first)
    for await (const block of similarity.scores(bank, first, count, gallery))
      for (let b = 0; b < count; b++)
        for (let e = 0; e < block.entries; e++) {
          const entry = block.firstEntry + e
          if (same && same.bank[first + b] === same.gallery[entry]) continue
          const exponent = beta * block.scores[b * block.stride + e]!
          if (exponent > largest[entry]!) {
            sums[entry] = sums[entry]! * Math.exp(largest[entry]! - exponent) + 1
            largest[entry] = exponent
          } else sums[entry]! += Math.exp(exponent - largest[entry]!)
        }
  }
  return largest.map((exponent, entry) => exponent + Math.log(sums[entry]!))
}

/** 1 for the gallery entries that are first for some vector of the bank, other than their own item. */
export const activated = async (
  bank: Vectors,
  gallery: Vectors,
  similarity: Similarity,
  same?: { bank: Int32Array; gallery: Int32Array },
): Promise<Uint8Array> => {
  const set = new Uint8Array(gallery.count)
  const k = same ? 1 + mostAlike(same.gallery) : 1
  for await (const { query, entries, scores } of topEntries({
    queries: bank,
    gallery,
    k,
    similarity,
  })) {
    const isOther = (entry: number) => !same || same.bank[query] !== same.gallery[entry]
    const best = entries.findIndex(isOther)
    entries.forEach((entry, i) => {
      if (best >= 0 && scores[i] === scores[best] && isOther(entry)) set[entry] = 1
    })
  }
  return set
}

/** How many entries have the key that most have. */
const mostAlike = (keys: Int32Array): number => {
  const counts = new Map<number, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return Math.max(0, ...counts.values())
}

/** The mean score of the k vectors of the bank nearest to each gallery entry (CSLS). */
export const nearness = async (
  bank: Vectors,
  gallery: Vectors,
  k: number,
  similarity: Similarity,
): Promise<Float64Array> => {
  const means = new Float64Array(gallery.count)
  for await (const { query, scores } of topEntries({
    queries: gallery,
    gallery: bank,
    k,
    similarity,
  })) {
    const taken = Math.min(k, scores.length)
    means[query] = scores.subarray(0, taken).reduce((sum, score) => sum + score, 0) / taken
  }
  return means
}
