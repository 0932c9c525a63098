import type { Precision } from '../similarity.js'

/**
 * Marks on the scores of a block of queries: for each, what is certainly below it and what is
 * certainly above it. `reaching` and `clear` are counted for one block of scores after another.
 */
export interface Marks {
  count: number
  /** Which query of the block the mark is for. */
  rows: Int32Array
  /** In float32, rounded to the side where less is certain. */
  floors: Float32Array
  ceilings: Float32Array
  /** Scores >= floor, and scores > ceiling; written by whoever counts. */
  reaching: Int32Array
  clear: Int32Array
}

/** Marks around exact scores, in a block whose computed ones have some precision. */
export const marksOf = (
  marked: readonly { row: number; score: number }[],
  { unit, slack }: Precision,
): Marks => ({
  count: marked.length,
  rows: Int32Array.from(marked, ({ row }) => row),
  floors: Float32Array.from(marked, ({ row, score }) => below((score - slack(row)) / unit(row))),
  ceilings: Float32Array.from(
    marked,
    ({ row, score }) => -below((-score - slack(row)) / unit(row)),
  ),
  reaching: new Int32Array(marked.length),
  clear: new Int32Array(marked.length),
})

/** A number that float32 rounds to one not above `x`: half a unit in the last place, and more. */
const below = (x: number): number => x - Math.abs(x) * 2 ** -23 - 2 ** -149
