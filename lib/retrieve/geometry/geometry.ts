import { Matrix } from 'ml-matrix'
import { eigen } from '../../eigen.js'
import { difference } from '../relation.js'
import { dot } from '../dot.js'
import { randomBits } from '../uncertainty/random.js'
import type { Vectors } from '../vectors.js'
import { relativeAlignment, type Neighbourhood } from './relative-alignment.js'
import { separability } from './separability.js'

/** How two sets of unit vectors lie to each other (METHODS 4.7). */
export interface Geometry {
  /** The norm of the difference of their means. */
  gap: number
  /** The mean squared distance of what belongs together; null where nothing does. */
  alignment: number | null
  /** The same less the squared distance to the nearest that does not (relative-alignment.ts). */
  relativeAlignment: number | null
  /** log of the mean of exp(-2 |u - v|^2) over pairs within a set; null for fewer than two. */
  uniformity: [number | null, number | null]
  /** exp of the entropy of the singular values, each divided by their sum. */
  effectiveRank: [number, number]
  /** Accuracy, from 0 to 1, of a line that tells the sets apart; 0.5 is best. */
  separability: number | null
  /** Vectors of each set that the last three look at. */
  sample: [number, number]
}

/** What grows with the square of the vectors looks at so many, drawn at random. */
const SAMPLE = 1000

/** Both sets, the queries and the gallery, hold at least one vector. */
export const geometry = async (task: Neighbourhood, seed: number): Promise<Geometry> => {
  const { queries: one, gallery: other } = task
  const samples = [drawn(one, seed), drawn(other, seed)] as const
  const apart = mean(one)
  mean(other).forEach((x, i) => (apart[i]! -= x))
  return {
    gap: Math.hypot(...apart),
    alignment: alignment(task),
    relativeAlignment: await relativeAlignment(task),
    uniformity: [uniformity(samples[0]), uniformity(samples[1])],
    effectiveRank: [effectiveRank(samples[0]), effectiveRank(samples[1])],
    separability: separability(...samples),
    sample: [samples[0].length, samples[1].length],
  }
}

const mean = ({ count, dim, values }: Vectors): Float64Array => {
  const sum = new Float64Array(dim)
  values.forEach((x, at) => (sum[at % dim]! += x / count))
  return sum
}

const alignment = ({ queries, gallery, relevant, excluded }: Neighbourhood): number | null => {
  let sum = 0
  let pairs = 0
  for (let q = 0; q < queries.count; q++) {
    const entries = relevant.of(q)
    for (const entry of excluded ? difference(entries, excluded.of(q)) : entries) {
      sum += 2 - 2 * dot(queries.values, q, gallery.values, entry, queries.dim)
      pairs++
    }
  }
  return pairs === 0 ? null : sum / pairs
}

export const uniformity = (vectors: readonly Float64Array[]): number | null => {
  let sum = 0
  for (let i = 0; i < vectors.length; i++)
    for (let j = 0; j < i; j++) sum += Math.exp(-2 * (2 - 2 * inner(vectors[i]!, vectors[j]!)))
  const pairs = (vectors.length * (vectors.length - 1)) / 2
  return pairs === 0 ? null : Math.log(sum / pairs)
}

/** From 1, all vectors on a line, to the dimension (Roy and Vetterli 2007). */
export const effectiveRank = (vectors: readonly Float64Array[]): number => {
  const dim = vectors[0]!.length
  const columns = Array.from({ length: dim }, (_, i) => vectors.map(vector => vector[i]!))
  const lines = dim <= vectors.length ? columns.map(each => Float64Array.from(each)) : vectors
  const gram = new Matrix(lines.map(x => lines.map(y => inner(x, y))))
  const singular = eigen(gram).values.map(value => Math.sqrt(Math.max(0, value)))
  const sum = singular.reduce((a, b) => a + b, 0)
  return Math.exp(
    singular.reduce((entropy, s) => (s > 0 ? entropy - (s / sum) * Math.log(s / sum) : entropy), 0),
  )
}

const inner = (x: Float64Array, y: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}

/** Up to SAMPLE of the vectors, in random order (Fisher and Yates). */
const drawn = ({ count, dim, values }: Vectors, seed: number): Float64Array[] => {
  const next = randomBits(seed, 3)
  const order = Int32Array.from({ length: count }, (_, i) => i)
  const taken = Math.min(count, SAMPLE)
  for (let i = 0; i < taken; i++) {
    const j = i + Math.floor((next() / 2 ** 32) * (count - i))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return Array.from(order.subarray(0, taken), at =>
    Float64Array.from(values.subarray(at * dim, (at + 1) * dim)),
  )
}
