import type { Direction } from '../direction.js'
import type { Tally } from '../tally.js'

/** The queries of a direction, in order, and what is known of each: their rows in the table. */
export interface Kept {
  direction: Direction
  rows: Int32Array
  /** The number of the first one among all queries of the direction. */
  first: number
  tallies: Tally[]
}

/** Keeps where the relevant entries of every query stand, so that it can be written. */
export class RankKeeper {
  readonly kept: Kept[] = []

  begin(direction: Direction, rows: Int32Array, first: number): (tally: Tally) => void {
    const tallies: Tally[] = []
    this.kept.push({ direction, rows, first, tallies })
    return tally => void (tallies[tally.query] = tally)
  }
}
