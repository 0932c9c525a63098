import type { Outcome } from './run-work.js'

/** The largest differences between two outcomes, as shares of the largest value expected. */
export interface Difference {
  loss: number
  learned: number
  embeddings: number
}

export function differenceOf(found: Outcome, expected: Outcome): Difference {
  const over = (key: 'learned' | 'embeddings'): number =>
    Math.max(
      ...Object.entries(expected[key]).map(([name, numbers]) =>
        largest(found[key][name]!, numbers),
      ),
    )
  return {
    loss: largest(found.losses, expected.losses),
    learned: over('learned'),
    embeddings: over('embeddings'),
  }
}

/** max |a - b| / max |b|; infinite where the lengths differ or a number is none. */
export function largest(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity
  let difference = 0
  let scale = 0
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(found[i]! - expected[i]!)
    if (Number.isNaN(off)) return Infinity
    if (off > difference) difference = off
    if (Math.abs(expected[i]!) > scale) scale = Math.abs(expected[i]!)
  }
  return difference === 0 ? 0 : difference / scale
}
