import { tally, type Tally, type TallyTask } from '../../lib/retrieve/tally.js'
import type { Vectors } from '../../lib/retrieve/vectors.js'

/** A plain double loop over float64 sums, which shares nothing with the code under test. */
export const doubleLoop = (
  queries: Vectors,
  gallery: Vectors,
  relevant: (q: number, e: number) => boolean,
  excluded: (q: number, e: number) => boolean,
): Tally[] =>
  Array.from({ length: queries.count }, (_, query) => {
    const scores = Array.from({ length: gallery.count }, (_, e) => {
      let sum = 0
      for (let i = 0; i < gallery.dim; i++)
        sum += queries.values[query * gallery.dim + i]! * gallery.values[e * gallery.dim + i]!
      return sum
    })
    const candidates = scores
      .map((score, e) => ({ score, right: relevant(query, e), out: excluded(query, e) }))
      .filter(({ out }) => !out)
    const wrong = candidates.filter(({ right }) => !right)
    const right = candidates.filter(({ right }) => right).map(({ score }) => score)
    right.sort((a, b) => b - a)
    return {
      query,
      greater: Int32Array.from(right, s => wrong.filter(({ score }) => score > s).length),
      equal: Int32Array.from(right, s => wrong.filter(({ score }) => score === s).length),
    }
  })

export const collectTallies = async (task: TallyTask): Promise<Tally[]> => {
  const tallies: Tally[] = []
  for await (const each of tally(task)) tallies.push(each)
  return tallies
}
