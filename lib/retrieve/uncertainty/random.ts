/** A sequence of 32 random bits each, a function of the words alone (Steele et al. 2014, splitmix). */
export const randomBits = (...words: readonly number[]): (() => number) => {
  let state = 0
  for (const word of words) state = mix((state ^ (word >>> 0)) + GOLDEN)
  return () => mix((state = (state + GOLDEN) | 0))
}

const GOLDEN = 0x9e3779b9

/** A well-mixing bijection of 32-bit words (Wellons, "hash-prospector", triple32). */
const mix = (word: number): number => {
  let x = word >>> 0
  x = Math.imul(x ^ (x >>> 17), 0xed5ad4bb)
  x = Math.imul(x ^ (x >>> 11), 0xac4c1b51)
  x = Math.imul(x ^ (x >>> 15), 0x31848bab)
  return (x ^ (x >>> 14)) >>> 0
}
