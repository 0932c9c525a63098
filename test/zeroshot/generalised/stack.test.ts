import fc from 'fast-check'
import t from 'tap'
import { stack } from '../../../lib/zeroshot/generalised/stack.js'
import { topOf } from '../metrics/scored.js'

t.test('both sides together are what one ranking of the calibrated scores is', async t => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: 1, max: 10 }),
      (seen, unseen, gamma, k) => {
        const other = topOf(unseen, k)
        const shifted = { ...other, entries: other.entries.map(entry => entry + seen.length) }
        const wanted = topOf([...seen.map(score => score - gamma), ...unseen], k)
        const found = stack(topOf(seen, k), shifted, gamma, k)
        return (
          `${found.entries}` === `${wanted.entries}` && `${found.scores}` === `${wanted.scores}`
        )
      },
    ),
    { seed: 5, numRuns: 2000 },
  )
  t.pass('2000 pairs')
})
