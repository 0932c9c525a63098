import fc from 'fast-check'
import t from 'tap'
import { chance } from '../../lib/charts/chance.js'
import type { Reading } from '../../lib/charts/reading.js'

const reading = (pool: number, positives?: number): Reading => ({
  series: 's',
  direction: 'a>b',
  query: ['a'],
  gallery: ['b'],
  queries: 1,
  pool,
  values: {},
  intervals: {},
  positives,
})

/** Every way to draw k of the pool, counted one by one. */
const counted = (pool: number, positives: number, k: number): number => {
  let hits = 0
  let all = 0
  for (let drawn = 0; drawn < 1 << pool; drawn++) {
    const bits = drawn.toString(2)
    if (bits.replaceAll('0', '').length !== k) continue
    all++
    if ((drawn & ((1 << positives) - 1)) !== 0) hits++
  }
  return (100 * hits) / all
}

t.test('chance is the share of all draws that hit', async t => {
  const sizes = fc
    .integer({ min: 1, max: 9 })
    .chain(pool =>
      fc.tuple(
        fc.constant(pool),
        fc.integer({ min: 0, max: pool }),
        fc.integer({ min: 1, max: pool }),
      ),
    )
  const property = fc.property(sizes, ([pool, positives, k]) => {
    const found = chance(`r@${k}`, reading(pool, positives))!
    return Math.abs(found - counted(pool, positives, k)) < 1e-9
  })
  t.doesNotThrow(() => fc.assert(property, { seed: 1, numRuns: 200 }))
})

t.test('it is told only where it is known', async t => {
  t.equal(chance('r@20', reading(10, 1)), 100, 'k above the pool')
  t.equal(chance('r@1', reading(10)), undefined, 'queries differ in what is relevant')
  t.equal(chance('map', reading(10, 1)), undefined)
})
