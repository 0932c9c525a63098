import type { OtherColumn } from '../stream/types.js'

/** What the values of a column range over. */
export interface Spread {
  missing: number
  /** How often each value occurs, where there are few different ones. */
  counts: Map<string, number> | undefined
  /** Of numbers. */
  min: number | bigint | undefined
  max: number | bigint | undefined
}

/** More different values than this are not counted one by one. */
const FEW = 12

/** Counts values batch by batch, in memory that does not grow. */
export const openTally = () => {
  const spread: Spread = { missing: 0, counts: new Map(), min: undefined, max: undefined }
  return {
    add(values: OtherColumn['values']): void {
      for (const value of values) {
        if (value === null) {
          spread.missing++
          continue
        }
        if (typeof value === 'number' || typeof value === 'bigint') {
          if (spread.min === undefined || value < spread.min) spread.min = value
          if (spread.max === undefined || value > spread.max) spread.max = value
        }
        const { counts } = spread
        if (!counts) continue
        const text = String(value)
        counts.set(text, (counts.get(text) ?? 0) + 1)
        if (counts.size > FEW) spread.counts = undefined
      }
    },
    end: (): Spread => spread,
  }
}
