import fc from 'fast-check'
import t from 'tap'
import { reorder } from '../../../lib/coordinate/rerank/reorder.js'

/** What stands above and level with each relevant entry, by two loops over all of them. */
const counted = (scores: readonly number[], relevant: ReadonlySet<number>) => {
  const own = [...relevant].map(entry => scores[entry]!).sort((a, b) => b - a)
  const others = scores.filter((_, entry) => !relevant.has(entry))
  return {
    query: 0,
    greater: Int32Array.from(own, x => others.filter(y => y > x).length),
    equal: Int32Array.from(own, x => others.filter(y => y === x).length),
  }
}

t.test('a second look counts as a double loop over the new order does', async t => {
  const entry = fc.record({
    cosine: fc.integer({ min: 0, max: 5 }),
    score: fc.integer({ min: 0, max: 3 }),
    relevant: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), fc.nat(12), (entries, k) => {
      const relevant = new Set(entries.flatMap((each, i) => (each.relevant ? [i] : [])))
      const cosines = entries.map(({ cosine }) => cosine)
      // As a search finds them: the first k, and all that are level with the last.
      const bar = cosines.toSorted((a, b) => b - a)[Math.min(Math.max(k, 1), entries.length) - 1]!
      const inside = cosines.map(cosine => cosine >= bar)
      const final = entries.map(({ cosine, score }, i) => (inside[i] ? 100 + score : cosine))
      const first = entries.flatMap(({ score }, entry) => (inside[entry] ? [{ entry, score }] : []))
      const found = reorder(counted(cosines, relevant), first, entry => relevant.has(entry))
      const wanted = counted(final, relevant)
      return (
        found.greater.join() === wanted.greater.join() && found.equal.join() === wanted.equal.join()
      )
    }),
    { numRuns: 500, seed: 5 },
  )
  t.pass('500 rankings')
})
