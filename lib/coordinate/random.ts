/**
 * Counter-based randomness: every draw is a function of (seed, purpose, counters, index) and of
 * nothing drawn before it. So a step does not depend on what ran before, and resuming needs
 * integers only.
 */

/** What draws are for; numbers, so that two purposes never share a sequence. Never renumber. */
export const Purpose = {
  initialise: 1,
  order: 2,
  dropout: 3,
  view: 4,
  holdOut: 5,
  term: 6,
  anchors: 7,
  neighbours: 8,
  perturbation: 9,
} as const

/** A well-mixing bijection of 32-bit words (Wellons, "hash-prospector", triple32). */
function mix(word: number): number {
  let x = word >>> 0
  x = Math.imul(x ^ (x >>> 17), 0xed5ad4bb)
  x = Math.imul(x ^ (x >>> 11), 0xac4c1b51)
  x = Math.imul(x ^ (x >>> 15), 0x31848bab)
  return (x ^ (x >>> 14)) >>> 0
}

/** The key of one sequence: words such as seed, purpose, epoch, step. */
export function key(...words: number[]): number {
  let state = 0x9e3779b9
  for (const word of words) {
    state = mix((state + Math.imul(mix(word >>> 0), 0x85ebca6b)) >>> 0)
    // The upper bits of seeds beyond 2^32 count as well.
    state = mix((state ^ Math.floor(word / 2 ** 32)) >>> 0)
  }
  return state
}

/** 32 random bits: number `index` of the sequence. */
export const bits = (sequence: number, index: number): number =>
  mix((mix((index + 0x9e3779b9) >>> 0) ^ sequence) >>> 0)

/** A number in [0, 1). */
export const uniform = (sequence: number, index: number): number => bits(sequence, index) / 2 ** 32

/** A standard normal number (Box and Muller 1958). */
export function normal(sequence: number, index: number): number {
  const u = (bits(sequence, 2 * index) + 1) / 2 ** 32
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * uniform(sequence, 2 * index + 1))
}

/** A number in (0, 1) from Beta(shape, shape): the share of one of two gammas. */
export function beta(sequence: number, shape: number): number {
  const [x, y] = [gamma(key(sequence, 1), shape), gamma(key(sequence, 2), shape)]
  return x / (x + y)
}

/** A number from Gamma(shape, 1) by rejection (Marsaglia and Tsang 2000). */
function gamma(sequence: number, shape: number): number {
  // Of a shape below 1: one of shape + 1, times a power of a uniform number.
  const boost = shape < 1 ? (bits(sequence, 0) + 1) / 2 ** 32 : 1
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
  for (let tries = 1; ; tries++) {
    const x = normal(key(sequence, 1), tries)
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    const u = (bits(key(sequence, 2), tries) + 1) / 2 ** 32
    if (v > 0 && Math.log(u) < x ** 2 / 2 + d - d * v + d * Math.log(v))
      return Math.max(d * v * boost ** (shape < 1 ? 1 / shape : 1), Number.MIN_VALUE)
  }
}

/** A stable number for a word, so that names may key a sequence (FNV-1a). */
export function wordKey(word: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(word)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** The numbers 0..n-1 in random order (Fisher and Yates). */
export function permutation(n: number, sequence: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform(sequence, i) * (i + 1))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}

/**
 * A dropout mask: 0 with probability p (in steps of 1/256), else the factor that keeps the mean.
 * One hash serves four numbers; a table answers, since no processor can guess the branches.
 */
export function dropoutMask(out: Float32Array, p: number, sequence: number): Float32Array {
  const dropped = Math.round(p * 256)
  const table = new Float32Array(256).fill(256 / (256 - dropped), dropped)
  const words = out.length >>> 2
  for (let word = 0; word < words; word += WORDS_AT_ONCE)
    fillFours(out, table, sequence, word, Math.min(words, word + WORDS_AT_ONCE))
  for (let i = 4 * words; i < out.length; i++)
    out[i] = table[(bits(sequence, i >>> 2) >>> (8 * (i & 3))) & 255]!
  return out
}

/** A loop that is entered often is compiled as a function; one that is entered once a mask is not. */
const WORDS_AT_ONCE = 1024

function fillFours(
  out: Float32Array,
  table: Float32Array,
  sequence: number,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const word = bits(sequence, i)
    out[4 * i] = table[word & 255]!
    out[4 * i + 1] = table[(word >>> 8) & 255]!
    out[4 * i + 2] = table[(word >>> 16) & 255]!
    out[4 * i + 3] = table[word >>> 24]!
  }
}
