import { badData } from '../../error.js'
import { murmur3 } from '../../murmur3.js'
import { encodeEach } from './each.js'
import { charGrams, wordGrams } from './text-grams.js'
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
  return {
    address: options.address('ngram'),
    dim,
    layout: 'vector',
    encode: items =>
      encodeEach(items, async item => {
        if (!('text' in item)) throw new TypeError('ngram takes texts')
        return hashGrams(
          [charGrams(item.text, shortest, longest), wordGrams(item.text, words)],
          dim,
        )
      }),
    close: async () => {},
  }
}

/** The unit vector of several groups of grams, each group scaled to the same length. */
export function hashGrams(groups: readonly Iterable<string>[], dim: number): Float32Array {
  const features = new Float64Array(dim)
  for (const group of groups) {
    const counts = new Map<string, number>()
    for (const gram of group) counts.set(gram, (counts.get(gram) ?? 0) + 1)
    let square = 0
    for (const count of counts.values()) square += (1 + Math.log(count)) ** 2
    for (const [gram, count] of counts) {
      const hash = murmur3(Buffer.from(gram), 0)
      // The sign is the highest bit and the place comes from the others, so they are independent.
      const weight = (1 + Math.log(count)) / Math.sqrt(square)
      features[(hash & 0x7fffffff) % dim]! += hash >>> 31 ? -weight : weight
    }
  }
  let square = 0
  for (const value of features) square += value * value
  if (square === 0) throw badData('a text without letters, digits or signs')
  const factor = 1 / Math.sqrt(square)
  return Float32Array.from(features, value => value * factor)
}
