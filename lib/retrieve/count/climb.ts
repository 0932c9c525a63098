import type { Ladder } from '../ladder.js'
import type { ScoreBlock } from '../similarity.js'
import { countByLoop } from './count-by-loop.js'
import { marksOf } from './marks.js'

/** Ladders with more rungs have their scores placed one by one. */
const MOST_RUNGS = 8

/**
 * Places the scores of one block after another on the ladders of its queries. Scores are off by up
 * to `slack`: where it leaves none undecided, they are counted around every rung and no more; else
 * they are placed one by one, and `exact` is asked for those that are close.
 */
export const climber = (
  ladders: readonly Ladder[],
  slack: number,
  exact: (query: number, entry: number) => number,
): ((block: ScoreBlock) => void) => {
  const isFew = ({ rungs }: Ladder) => rungs.length <= MOST_RUNGS
  const marks = marksOf(
    ladders.flatMap((ladder, row) =>
      isFew(ladder) ? Array.from(ladder.rungs, score => ({ row, score })) : [],
    ),
    slack,
  )
  return block => {
    if (block.count) block.count(marks)
    else countByLoop(block, marks)
    let mark = 0
    ladders.forEach((ladder, q) => {
      const first = mark
      if (isFew(ladder)) {
        mark += ladder.rungs.length
        if (isDecided(first, mark)) return add(ladder, first)
      }
      oneByOne(ladder, block, q)
    })
  }

  function isDecided(first: number, end: number): boolean {
    for (let m = first; m < end; m++) if (marks.reaching[m] !== marks.clear[m]) return false
    return true
  }

  function add({ above }: Ladder, first: number): void {
    const last = above.length - 1
    for (let rung = 0; rung <= last; rung++) {
      const over = rung < last ? marks.clear[first + rung + 1]! : 0
      above[rung]! += marks.clear[first + rung]! - over
    }
  }

  function oneByOne(
    ladder: Ladder,
    { scores, stride, entries, firstEntry }: ScoreBlock,
    q: number,
  ) {
    const floor = ladder.rungs[0]! - slack
    for (let e = 0, at = q * stride; e < entries; e++, at++)
      if (scores[at]! >= floor) place(ladder, scores[at]!, slack, () => exact(q, firstEntry + e))
  }
}

/** Places a score for certain where that can be done, else exactly. */
const place = (ladder: Ladder, score: number, slack: number, exact: () => number): void => {
  const { rungs, above } = ladder
  const rung = ladder.rungsBelow(score - slack)
  if (rung > 0 && !(rungs[rung]! <= score + slack)) above[rung - 1]!++
  else ladder.place(slack === 0 ? score : exact(), 1)
}
