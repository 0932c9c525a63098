import { badData } from '../../error.js'
import { encodeEach } from './each.js'
import { GramCounts } from './gram-counts.js'
import { charGrams, runsOf, wordGrams } from './text-grams.js'
import type { EncoderRequest, MadeEncoder } from './types.js'

/**
 * Hashed n-grams (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML
 * 2009): character n-grams within words and word n-grams, each counted as 1 + ln(count), the two
 * groups of equal weight, every gram added to one of `dim` places with a sign, both from its hash;
 * unit length.
 */
export async function openEncoder({ options }: EncoderRequest): Promise<MadeEncoder> {
  const dim = options.integer('dim', 1024, { min: 16, max: 1 << 20 })
  const shortest = options.integer('min', 2, { min: 1, max: 16 })
  const longest = options.integer('max', 5, { min: shortest, max: 16 })
  const words = options.integer('words', 2, { min: 0, max: 8 })
  const counts = new GramCounts()
  const hashed = (text: string): Float32Array => {
    const runs = runsOf(text)
    const features = new Float64Array(dim)
    counts.clear()
    charGrams(runs, shortest, longest, (bytes, start, end) => counts.add(bytes, start, end))
    addGroup(counts, features)
    counts.clear()
    wordGrams(runs, words, (bytes, start, end) => counts.add(bytes, start, end))
    addGroup(counts, features)
    return unit(features)
  }
  return {
    address: options.address('ngram'),
    dim,
    layout: 'vector',
    encode: items =>
      encodeEach(items, async item => {
        if (!('text' in item)) throw new TypeError('ngram takes texts')
        return hashed(item.text)
      }),
    close: async () => {},
  }
}

/** Adds a group of grams, scaled to length 1 before their places coincide. */
function addGroup({ size, hashes, counts }: GramCounts, features: Float64Array): void {
  let square = 0
  for (let gram = 0; gram < size; gram++) square += weightOf(counts[gram]!) ** 2
  const length = Math.sqrt(square)
  for (let gram = 0; gram < size; gram++) {
    const hash = hashes[gram]!
    // The sign is the highest bit and the place comes from the others, so they are independent.
    const weight = weightOf(counts[gram]!) / length
    features[(hash & 0x7fffffff) % features.length]! += hash >>> 31 ? -weight : weight
  }
}

const weightOf = (count: number): number => (count === 1 ? 1 : 1 + Math.log(count))

function unit(features: Float64Array): Float32Array {
  let square = 0
  for (const value of features) square += value * value
  if (square === 0) throw badData('a text without letters, digits or signs')
  const factor = 1 / Math.sqrt(square)
  const made = new Float32Array(features.length)
  for (let at = 0; at < made.length; at++) made[at] = features[at]! * factor
  return made
}
