import type { Ladder } from '../ladder.js'
import type { Precision, ScoreBlock } from '../similarity.js'
import { countByLoop } from './count-by-loop.js'
import { type Marks, marksOf } from './marks.js'

/** Ladders with more rungs have their scores placed one by one. */
const MOST_RUNGS = 8

/** Whether the scores around a ladder are counted, rung by rung. */
export const isFew = ({ rungs }: Ladder): boolean => rungs.length <= MOST_RUNGS

/** With more than one score in so many undecided, scoring all of them again is quicker. */
const UNDECIDED = 64

/**
 * Places the scores of one block after another on the ladders of its queries. Scores are off by up
 * to a slack: where it leaves none undecided, they are counted around every rung and no more; else
 * they are placed one by one, and `exact` is asked for those that are close.
 */
export const climber = (
  ladders: readonly Ladder[],
  precision: Precision,
  exact: (query: number, entry: number) => number,
): ((block: ScoreBlock) => Promise<void>) => {
  const marked = ladders.flatMap((ladder, row) =>
    isFew(ladder) ? Array.from(ladder.rungs, score => ({ row, score })) : [],
  )
  const made = new Map<Precision, Marks>()
  const marksFor = (precision: Precision) => {
    const marks = made.get(precision) ?? marksOf(marked, precision)
    made.set(precision, marks)
    return marks
  }
  return climb

  async function climb(block: ScoreBlock): Promise<void> {
    const { precision: own = precision } = block
    const marks = marksFor(own)
    if (block.count) block.count(marks)
    else countByLoop(block, marks)
    if (block.finer && undecided(marks) > (marks.count * block.entries) / UNDECIDED)
      return climb(await block.finer())
    let mark = 0
    ladders.forEach((ladder, q) => {
      const first = mark
      if (isFew(ladder)) {
        mark += ladder.rungs.length
        if (isDecided(marks, first, mark)) return add(marks, ladder, first)
      }
      oneByOne(ladder, block, q, own)
    })
  }

  function oneByOne(ladder: Ladder, block: ScoreBlock, q: number, { unit, slack }: Precision) {
    const { scores, stride, entries, firstEntry } = block
    const [scale, off] = [unit(q), slack(q)]
    const floor = ladder.rungs[0]! - off
    for (let e = 0, at = q * stride; e < entries; e++, at++) {
      const score = scale * scores[at]!
      if (score >= floor) place(ladder, score, off, () => exact(q, firstEntry + e))
    }
  }
}

const undecided = ({ count, reaching, clear }: Marks): number => {
  let sum = 0
  for (let m = 0; m < count; m++) sum += reaching[m]! - clear[m]!
  return sum
}

const isDecided = ({ reaching, clear }: Marks, first: number, end: number): boolean => {
  for (let m = first; m < end; m++) if (reaching[m] !== clear[m]) return false
  return true
}

const add = ({ clear }: Marks, { above }: Ladder, first: number): void => {
  const last = above.length - 1
  for (let rung = 0; rung <= last; rung++) {
    const over = rung < last ? clear[first + rung + 1]! : 0
    above[rung]! += clear[first + rung]! - over
  }
}

/** Places a score for certain where that can be done, else exactly. */
const place = (ladder: Ladder, score: number, slack: number, exact: () => number): void => {
  const { rungs, above } = ladder
  const rung = ladder.rungsBelow(score - slack)
  if (rung > 0 && !(rungs[rung]! <= score + slack)) above[rung - 1]!++
  else ladder.place(slack === 0 ? score : exact(), 1)
}
