import fc from 'fast-check'
import t from 'tap'
import { AveragePrecision } from '../../../lib/zeroshot/metrics/average-precision.js'
import { scoredOf, topOf } from './scored.js'

const measure = (
  rows: readonly (readonly [labels: number[], scores: readonly number[]])[],
  classes = 2,
) => {
  const precision = new AveragePrecision(classes)
  rows.forEach(([labels, scores], item) =>
    precision.add(scoredOf(labels, topOf(scores), { item, scores: Float64Array.from(scores) })),
  )
  return precision
}

t.test('by hand: classes rank items; a class without items is left out', async t => {
  const { map, items, classes } = measure(
    [
      [[0], [0.9, 0, 0]],
      [[], [0.8, 0, 0]],
      [
        [0, 1],
        [0.7, 0.5, 0],
      ],
      [[], [0.1, 0.5, 0]],
    ],
    3,
  ).result()
  t.same(classes, [
    { index: 0, items: 2, ap: (1 + 2 / 3) / 2 },
    { index: 1, items: 1, ap: 1 / 2 },
  ])
  t.ok(Math.abs(map! - (5 / 6 + 1 / 2) / 2) < 1e-12)
  t.equal(items, 4)
})

t.test('a class that scores all items alike has the precision of the worst order', async t => {
  const { map } = measure([
    [[0], [1, 1]],
    [[], [1, 1]],
    [[], [1, 1]],
  ]).result()
  t.equal(map, 1 / 3)
})

t.test('an item drawn n times counts as n items', async t => {
  const row = fc.tuple(
    fc.subarray([0, 1]),
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(row, fc.nat({ max: 3 })), { minLength: 1, maxLength: 8 }),
      drawn => {
        const rows = drawn.map(([[labels, scores]]) => [labels, scores] as const)
        const weights = Int32Array.from(drawn, ([, weight]) => weight)
        const copies = rows.flatMap((row, i) => Array.from({ length: weights[i]! }, () => row))
        const [found, wanted] = [measure(rows).weighted(weights), measure(copies).result().map]
        return wanted === null ? Number.isNaN(found) : Math.abs(found - wanted) < 1e-12
      },
    ),
    { seed: 8, numRuns: 1000 },
  )
  t.pass('1000 draws')
})
