import { basename } from 'node:path'
import { badData, badUsage } from '../../../error.js'
import { encodeEach } from '../each.js'
import type { EncoderRequest, MadeEncoder } from '../types.js'
import { checkWeights } from '../unavailable.js'
import { findWords } from './find-words.js'
import { commonDirection, sifWeights } from './sif.js'
import { readWordVectors, type WordVectors } from './word-vectors.js'

/** Vectors of the words of a text: their mean, their mean by SIF, or each as a token. */
export async function openEncoder({ argument, options }: EncoderRequest): Promise<MadeEncoder> {
  const { where } = options
  const path = argument!
  const tokens = options.flag('tokens')
  const sif = options.flag('sif')
  const a = sif ? (options.number('a') ?? 1e-3) : 0
  if (tokens && sif) throw badUsage(`${where}: tokens and sif exclude each other`)
  if (sif && !(a > 0)) throw badUsage(`${where}: option a: '${a}', expected more than 0`)
  const address = options.address(`words:${basename(path)}`)
  await checkWeights(path, where)
  const vectors = await readWordVectors(path)
  const combine = tokens ? sequence(vectors) : sif ? weighted(vectors, a) : mean(vectors)
  return {
    address,
    dim: vectors.dim,
    layout: tokens ? 'tokens' : 'vector',
    encode: items =>
      encodeEach(items, async item => {
        if (!('text' in item)) throw new TypeError('words takes texts')
        const found = findWords(item.text, vectors.places)
        if (found.length === 0) throw badData(`no word of '${item.text.slice(0, 60)}' has a vector`)
        return combine(found)
      }),
    close: async () => {},
  }
}

type Combine = (places: readonly number[]) => Float32Array

const sequence =
  ({ values, dim }: WordVectors): Combine =>
  places => {
    const tokens = new Float32Array(places.length * dim)
    places.forEach((place, at) =>
      tokens.set(values.subarray(place * dim, (place + 1) * dim), at * dim),
    )
    return tokens
  }

const mean = (vectors: WordVectors): Combine => {
  const ones = new Float64Array(vectors.places.size).fill(1)
  return places => Float32Array.from(weightedMean(vectors, ones, places))
}

/** The weighted mean without its part along the common direction. */
const weighted = (vectors: WordVectors, a: number): Combine => {
  const weights = sifWeights(vectors.places.size, a)
  const common = commonDirection(vectors, weights)
  return places => {
    const sum = weightedMean(vectors, weights, places)
    const along = sum.reduce((dot, value, at) => dot + value * common[at]!, 0)
    return Float32Array.from(sum, (value, at) => value - along * common[at]!)
  }
}

const weightedMean = (
  { values, dim }: WordVectors,
  weights: Float64Array,
  places: readonly number[],
): Float64Array => {
  const sum = new Float64Array(dim)
  for (const place of places)
    for (let at = 0; at < dim; at++) sum[at]! += weights[place]! * values[place * dim + at]!
  return sum.map(value => value / places.length)
}
