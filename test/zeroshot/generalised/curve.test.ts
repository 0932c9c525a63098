import fc from 'fast-check'
import t from 'tap'
import { harmonicMean, SeenUnseenCurve } from '../../../lib/zeroshot/generalised/curve.js'
import { stack } from '../../../lib/zeroshot/generalised/stack.js'
import { AccuracyCounter, meanOver } from '../../../lib/zeroshot/metrics/accuracy.js'
import { scoredOf, topOf } from '../metrics/scored.js'

/** Class 0 is seen, class 1 is not; an item has a label and both scores. */
type Item = readonly [label: 0 | 1, seen: number, unseen: number]

const sidesOf = ([, seen, unseen]: Item) => ({
  seen: topOf([seen]),
  unseen: { ...topOf([unseen]), entries: Int32Array.of(1) },
})

const curveOf = (items: readonly Item[]) => {
  const curve = new SeenUnseenCurve(2, new Set([1]))
  for (const item of items)
    curve.add(scoredOf([item[0]], topOf([item[1], item[2]]), { sides: sidesOf(item) }))
  return curve
}

t.test('by hand: two seen items, two unseen ones', async t => {
  // Margins: seen .5 and .1, unseen .3 and -.2. From gamma -inf up: (1, 0), (1, .5), (.5, .5), (.5, 1), (0, 1).
  const curve = curveOf([
    [0, 0.8, 0.3],
    [0, 0.5, 0.4],
    [1, 0.7, 0.4],
    [1, 0.2, 0.4],
  ])
  const points = curve.points().map(({ seen, unseen }) => [seen, unseen])
  t.same(points, [
    [1, 0],
    [1, 0.5],
    [0.5, 0.5],
    [0.5, 1],
    [0, 1],
  ])
  t.ok(Math.abs(curve.area()! - 0.75) < 1e-12, `${curve.area()}`)
  const { gamma, h } = curve.best()!
  t.ok(Math.abs(gamma - -0.05) < 1e-12, `${gamma}: the first with the largest H`)
  t.ok(Math.abs(h - 200 / 3) < 1e-9, `${h}`)
  t.equal(curve.count(), 4)
})

t.test('one side alone has no curve', async t => {
  const curve = curveOf([[0, 0.8, 0.3]])
  t.equal(curve.area(), null)
  t.equal(curve.best(), null)
})

t.test('nothing right is an area of 0 and a gamma of 0', async t => {
  const curve = new SeenUnseenCurve(4, new Set([2, 3]))
  const sides = {
    seen: topOf([0.5, 0.5]),
    unseen: { ...topOf([0.1, 0.1]), entries: Int32Array.of(2, 3) },
  }
  for (const label of [0, 2]) curve.add(scoredOf([label], topOf([0.5, 0.5, 0.1, 0.1]), { sides }))
  t.equal(curve.area(), 0)
  t.same(curve.best(), { gamma: 0, h: 0 })
})

t.test('every step of the curve is what stacking by a gamma within it gives', async t => {
  const score = fc.integer({ min: -4, max: 4 }).map(n => n / 4)
  const item = fc.tuple(fc.constantFrom<0 | 1>(0, 1), score, score)
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), items => {
      const both = new Set(items.map(([label]) => label)).size === 2
      const curve = curveOf(items)
      if (!both) return curve.area() === null
      const stacked = (gamma: number) => {
        const counter = new AccuracyCounter(2, [1])
        for (const item of items) {
          const { seen, unseen } = sidesOf(item)
          counter.add(scoredOf([item[0]], stack(seen, unseen, gamma, 1)))
        }
        return [0, 1].map(
          label => meanOver(counter.perClass().filter(each => each.index === label))! / 100,
        )
      }
      const points = curve.points()
      const agree = points.every(({ from, to, seen, unseen }) => {
        const gamma = from === -Infinity ? to - 1 : to === Infinity ? from + 1 : (from + to) / 2
        const [s, u] = stacked(gamma) as [number, number]
        return Math.abs(s - seen) < 1e-12 && Math.abs(u - unseen) < 1e-12
      })
      const atAll = [-1, -0.25, 0, 0.3, 1].every(gamma => {
        const [s, u] = stacked(gamma) as [number, number]
        const { seen, unseen } = curve.at(gamma)
        return Math.abs(s - seen) < 1e-12 && Math.abs(u - unseen) < 1e-12
      })
      const [s, u] = stacked(curve.best()!.gamma) as [number, number]
      const best = Math.max(...points.map(({ seen, unseen }) => harmonicMean(seen, unseen)))
      return (
        agree && atAll && Math.abs(harmonicMean(s, u) - best) < 1e-12 && curve.area()! <= 1 + 1e-12
      )
    }),
    { seed: 6, numRuns: 2000 },
  )
  t.pass('2000 sets of items')
})

t.test('the harmonic mean is 0 where both are (METHODS 4.9)', async t => {
  t.same([harmonicMean(0, 0), harmonicMean(1, 0), harmonicMean(50, 100)], [0, 0, 200 / 3])
})
