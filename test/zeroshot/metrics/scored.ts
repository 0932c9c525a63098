import { exactSimilarity } from '../../../lib/retrieve/exact-similarity.js'
import { topEntries, type Top } from '../../../lib/retrieve/top.js'
import { standing, type Scored } from '../../../lib/zeroshot/metrics/scored.js'
import { vectors } from '../../retrieve/vectors.js'

/** A classified row from what the nearest classes are. */
export const scoredOf = (
  labels: readonly number[],
  top: Pick<Top, 'entries' | 'scores'>,
  more: Partial<Scored> = {},
): Scored => {
  const whole = { query: 0, ...top }
  return {
    item: 0,
    labels,
    top: whole,
    standing: standing(labels, whole),
    scores: undefined,
    sides: undefined,
    ...more,
  }
}

/** The k nearest classes by given scores for all of them. */
export const topOf = (scores: readonly number[], k = scores.length): Top => {
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b)
  const last = scores[order[Math.min(k, order.length) - 1]!]!
  const kept = order.filter(entry => scores[entry]! >= last)
  return {
    query: 0,
    entries: Int32Array.from(kept),
    scores: Float64Array.from(kept, entry => scores[entry]!),
  }
}

/** The nearest k prototypes of every item. */
export const tops = async (
  prototypes: readonly (readonly number[])[],
  items: readonly (readonly number[])[],
  k: number,
): Promise<Top[]> => {
  const found: Top[] = []
  const similarity = exactSimilarity()
  for await (const top of topEntries({
    queries: vectors(items),
    gallery: vectors(prototypes),
    k,
    similarity,
  }))
    found[top.query] = top
  return found
}
