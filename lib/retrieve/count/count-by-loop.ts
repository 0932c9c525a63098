import type { ScoreBlock } from '../similarity.js'
import type { Marks } from './marks.js'

/** Counts what reaches every mark of a block, and what is clear of it. */
export const countByLoop = ({ scores, entries, stride }: ScoreBlock, marks: Marks): void => {
  for (let m = 0; m < marks.count; m++) {
    const from = marks.rows[m]! * stride
    const floor = marks.floors[m]!
    const ceiling = marks.ceilings[m]!
    let reaching = 0
    let clear = 0
    // Number(...) adds without a branch, which would be guessed wrong half of the time.
    for (let i = from; i < from + entries; i++) {
      reaching += Number(scores[i]! >= floor)
      clear += Number(scores[i]! > ceiling)
    }
    marks.reaching[m] = reaching
    marks.clear[m] = clear
  }
}
