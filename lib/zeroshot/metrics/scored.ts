import type { Top } from '../../retrieve/top.js'
import type { ClassifiedRow } from '../classify-column.js'

/** A vector that was classified and whose right classes are known. */
export interface Scored {
  /** The number of its item among all items of the input. */
  item: number
  /** The right classes: one, or with several labels a row any number, none too. */
  labels: readonly number[]
  /** The nearest classes, and where the best right one stands among them. */
  top: Top
  standing: Standing
  /** The score of every class, where something asks for them. */
  scores: Float64Array | undefined
  /** The nearest of the seen and of the unseen classes alone, in generalised zero-shot learning. */
  sides: { seen: Top; unseen: Top } | undefined
}

/** `item` is asked for by what draws items again, the scores by what looks at all of them. */
export const scored = (
  labels: readonly number[],
  { top, sides, scores }: ClassifiedRow,
  { item = 0, whole = false } = {},
): Scored => ({
  item,
  labels,
  top,
  standing: standing(labels, top),
  scores: whole ? scores() : undefined,
  sides,
})

/** Where the best of the right classes stands, from 1; Infinity where it is behind all of `top`. */
export interface Standing {
  /** Behind every wrong class of the same score (METHODS 4.8, pessimistic). */
  rank: number
  /** Ahead of them. */
  optimistic: number
}

/** Several right classes count as the best of them, and do not stand in each other's way. */
export const standing = (labels: readonly number[], { entries, scores }: Top): Standing => {
  const best = entries.findIndex(entry => labels.includes(entry))
  if (best < 0) return { rank: Infinity, optimistic: Infinity }
  const score = scores[best]!
  let above = 0
  let level = 0
  entries.forEach((entry, i) => {
    if (labels.includes(entry)) return
    if (scores[i]! > score) above++
    else if (scores[i] === score) level++
  })
  return { rank: above + level + 1, optimistic: above + 1 }
}
