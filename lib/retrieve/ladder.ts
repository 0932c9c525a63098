/**
 * The distinct scores of a query's relevant entries, ascending, and how many other scores stand on
 * the rungs and between them. Every rank in a ranking can be read from it.
 */
export class Ladder {
  /** The scores of the relevant entries, ascending. */
  private readonly relevant: Float64Array
  readonly rungs: Float64Array
  /** Scores over rung i and under rung i+1; what is under rung 0 is not counted. */
  readonly above: Int32Array
  /** Scores that equal rung i. */
  private readonly level: Int32Array

  constructor(scores: Float64Array) {
    this.relevant = scores.sort()
    this.rungs = this.relevant.filter((score, i) => i === 0 || score !== this.relevant[i - 1])
    this.above = new Int32Array(this.rungs.length)
    this.level = new Int32Array(this.rungs.length)
  }

  /** How many rungs are strictly below the score. */
  rungsBelow(score: number): number {
    const { rungs } = this
    let low = 0
    let high = rungs.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (rungs[middle]! < score) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Puts an exact score where it belongs, or takes it away. */
  place(score: number, by: 1 | -1): void {
    const rung = this.rungsBelow(score)
    if (this.rungs[rung] === score) this.level[rung]! += by
    else if (rung > 0) this.above[rung - 1]! += by
  }

  /** Reads it from the top, when all scores have been placed; the relevant ones are taken out. */
  read(): { greater: Int32Array; equal: Int32Array } {
    const { relevant, rungs, above, level } = this
    for (const score of relevant) this.place(score, -1)
    const greater = new Int32Array(relevant.length)
    const equal = new Int32Array(relevant.length)
    let over = 0
    let rung = rungs.length
    for (let j = 0; j < relevant.length; j++) {
      if (relevant[relevant.length - 1 - j] !== rungs[rung]) {
        if (rung < rungs.length) over += level[rung]!
        over += above[--rung]!
      }
      greater[j] = over
      equal[j] = level[rung]!
    }
    return { greater, equal }
  }
}
