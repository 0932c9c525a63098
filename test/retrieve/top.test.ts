import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { exactSimilarity } from '../../lib/retrieve/exact-similarity.js'
import { topEntries } from '../../lib/retrieve/top.js'
import { vectors } from './vectors.js'
import { worstSimilarity } from './worst-similarity.js'

const digit = fc.integer({ min: -2, max: 2 })
const some = (least: number, most: number) =>
  fc.array(fc.tuple(digit, digit, digit), { minLength: least, maxLength: most })

t.test('the k best and what is level with the last, in order, whatever rounding does', async t => {
  await fc.assert(
    fc.asyncProperty(
      some(1, 8),
      some(1, 30),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(0, 1e-6, 0.7),
      async (queries, gallery, k, slack) => {
        const similarity = slack === 0 ? exactSimilarity() : worstSimilarity(slack)
        const task = { queries: vectors(queries, 3), gallery: vectors(gallery, 3), k, similarity }
        for await (const { query, entries, scores } of topEntries(task)) {
          const all = gallery
            .map((vector, entry) => ({
              entry,
              score: vector.reduce((sum, x, i) => sum + x * queries[query]![i]!, 0),
            }))
            .sort((a, b) => b.score - a.score || a.entry - b.entry)
          const last = all[Math.min(k, all.length) - 1]!.score
          const wanted = all.filter(({ score }) => score >= last)
          const found = [...entries].map((entry, i) => ({ entry, score: scores[i]! + 0 }))
          if (!isDeepStrictEqual(found, wanted)) t.same(found, wanted)
        }
      },
    ),
    { numRuns: 1000, seed: 9 },
  )
  t.pass('1000 galleries')
})
