/** A number in [0, 1) from a 32-bit state that it moves on (Wellons, "hash-prospector", triple32). */
function stream(seed: number): () => number {
  let counter = seed >>> 0
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0
    let x = counter
    x = Math.imul(x ^ (x >>> 17), 0xed5ad4bb)
    x = Math.imul(x ^ (x >>> 11), 0xac4c1b51)
    x = Math.imul(x ^ (x >>> 15), 0x31848bab)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Reals drawn from [low, high). */
export function reals(count: number, seed: number, low = -2, high = 2): Float32Array {
  const next = stream(seed)
  return Float32Array.from({ length: count }, () => low + (high - low) * next())
}

/** Whole numbers drawn from low .. high, both included. */
export function integers(count: number, seed: number, low: number, high: number): Int32Array {
  const next = stream(seed)
  return Int32Array.from({ length: count }, () => low + Math.floor((high - low + 1) * next()))
}

/** The numbers 0 .. n-1 shuffled, as reals a quarter apart: no two are equal. */
export function distinct(count: number, seed: number): Float32Array {
  const next = stream(seed)
  const order = Float32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order.map(x => (x - count / 2) / 4 + 0.1)
}

/** Fixed weights of both signs, no two alike, to project an output on before it is differentiated. */
export const signal = (count: number, k: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(1 + 3 * i + 7 * k) + 0.25)

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
