import { copyVectors, type Values } from './values.js'

/** Sequences of tokens laid out for arithmetic: `x` (n, L, D), zeros where a sequence has ended. */
export interface Padded {
  x: Float32Array
  /** Tokens of each, at least 1: what has none counts as one token of zeros. */
  lengths: Int32Array
}

/** Copies the chosen sequences; -1 chooses an empty one. None may be longer than L. */
export function padSequences(
  { values, dim, tokenOffsets }: { values: Values; dim: number; tokenOffsets: Int32Array },
  chosen: ArrayLike<number>,
  tokens: number,
  x: Float32Array = new Float32Array(chosen.length * tokens * dim),
): Padded {
  const lengths = new Int32Array(chosen.length)
  for (let i = 0; i < chosen.length; i++) {
    const v = chosen[i]!
    const first = v < 0 ? 0 : tokenOffsets[v]!
    const count = v < 0 ? 0 : tokenOffsets[v + 1]! - first
    const at = i * tokens * dim
    if (count > 0) copyVectors(values, dim, first, count, x, at)
    x.fill(0, at + count * dim, at + tokens * dim)
    lengths[i] = Math.max(1, count)
  }
  return { x, lengths }
}

/** Tokens of the longest sequence, at least 1. */
export function longest(tokenOffsets: Int32Array): number {
  let most = 1
  for (let v = 1; v < tokenOffsets.length; v++)
    most = Math.max(most, tokenOffsets[v]! - tokenOffsets[v - 1]!)
  return most
}
