import type { Top } from '../../retrieve/top.js'

/**
 * Calibrated stacking (Chao et al. 2016, METHODS 4.9): gamma is subtracted from the scores of seen
 * classes, then both sides compete. Takes the k best of each side with all that are level with the
 * last; gives the same of the whole, the lower index first among equals.
 */
export const stack = (seen: Top, unseen: Top, gamma: number, k: number): Top => {
  const ranked = [...calibrated(seen, gamma), ...calibrated(unseen, 0)].sort(
    (a, b) => b.score - a.score || a.entry - b.entry,
  )
  const last = ranked[Math.min(k, ranked.length) - 1]?.score
  const kept = ranked.filter(({ score }) => last === undefined || score >= last)
  return {
    query: seen.query,
    entries: Int32Array.from(kept, ({ entry }) => entry),
    scores: Float64Array.from(kept, ({ score }) => score),
  }
}

const calibrated = ({ entries, scores }: Top, gamma: number) =>
  Array.from(entries, (entry, i) => ({ entry, score: scores[i]! - gamma }))
