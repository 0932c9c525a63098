import fc from 'fast-check'
import t from 'tap'
import { AccuracyCounter } from '../../../lib/zeroshot/metrics/accuracy.js'
import { scoredOf, topOf, tops } from './scored.js'

const digit = fc.integer({ min: -1, max: 1 })
const vector = fc.tuple(digit, digit, digit)

t.test('accuracies equal those of a plain loop with pessimistic ties', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(vector, { minLength: 1, maxLength: 9 }),
      fc.array(fc.tuple(vector, fc.nat()), { minLength: 1, maxLength: 25 }),
      async (prototypes, items) => {
        const labels = items.map(([, label]) => label % prototypes.length)
        const counter = new AccuracyCounter(prototypes.length, [1, 3])
        const vectors = items.map(([vector]) => vector)
        for (const top of await tops(prototypes, vectors, 3))
          counter.add(scoredOf([labels[top.query]!], top))
        const ranks = items.map(([vector], item) => {
          const scores = prototypes.map(p => p.reduce((sum, x, i) => sum + x * vector[i]!, 0))
          return scores.filter(score => score >= scores[labels[item]!]!).length
        })
        const share = (of: number[], k: number) =>
          (100 * of.filter(rank => rank <= k).length) / of.length
        const classes = [...new Set(labels)]
        const perClass = classes.map(label =>
          share(
            ranks.filter((_, i) => labels[i] === label),
            1,
          ),
        )
        const { items: scored, top, meanPerClass, classesPresent } = counter.result()
        const close = (a: number | null | undefined, b: number) => Math.abs(a! - b) < 1e-9
        return (
          scored === items.length &&
          classesPresent === classes.length &&
          close(top.get(1), share(ranks, 1)) &&
          close(top.get(3), share(ranks, 3)) &&
          close(meanPerClass, perClass.reduce((sum, x) => sum + x, 0) / perClass.length) &&
          counter.confusion().reduce((sum, { count }) => sum + count, 0) === items.length
        )
      },
    ),
    { numRuns: 1000, seed: 10 },
  )
  t.pass('1000 classifications')
})

t.test('prototypes that are all alike get nothing right', async t => {
  const counter = new AccuracyCounter(7, [1, 5])
  const alike = Array.from({ length: 7 }, () => [1, 0])
  for (const top of await tops(
    alike,
    [
      [1, 0],
      [0, 1],
    ],
    5,
  ))
    counter.add(scoredOf([0], top))
  const { items, top, ties } = counter.result()
  t.same(
    { items, top, ties },
    {
      items: 2,
      top: new Map([
        [1, 0],
        [5, 0],
      ]),
      ties: 2,
    },
  )
})

t.test('the mean per class weighs classes, not items; absent classes do not count', async t => {
  const counter = new AccuracyCounter(3, [1])
  for (let i = 0; i < 9; i++) counter.add(scoredOf([0], topOf([3, 2, 1], 1)))
  counter.add(scoredOf([1], topOf([3, 2, 1], 1)))
  const { items, top, meanPerClass, classesPresent } = counter.result()
  t.same(
    { items, top1: top.get(1), meanPerClass, classesPresent },
    { items: 10, top1: 90, meanPerClass: 50, classesPresent: 2 },
  )
  t.same(counter.confusion(), [
    { label: 0, predicted: 0, count: 9 },
    { label: 1, predicted: 0, count: 1 },
  ])
  t.same(counter.perClass(), [
    { index: 0, items: 9, right: 9, predicted: 10 },
    { index: 1, items: 1, right: 0, predicted: 0 },
  ])
})

t.test(
  'of several right classes the best counts, and the others do not stand in its way',
  async t => {
    const counter = new AccuracyCounter(4, [1, 2])
    counter.add(scoredOf([1, 2], topOf([1, 3, 3, 2])))
    counter.add(scoredOf([0, 3], topOf([1, 3, 3, 2])))
    counter.add(scoredOf([], topOf([1, 3, 3, 2])))
    const { items, top } = counter.result()
    t.same(
      { items, top: [...top] },
      {
        items: 2,
        top: [
          [1, 50],
          [2, 50],
        ],
      },
    )
  },
)

t.test('one class only is always right', async t => {
  const counter = new AccuracyCounter(1, [1, 5])
  counter.add(scoredOf([0], topOf([-1])))
  const { top, meanPerClass } = counter.result()
  t.same([top.get(1), top.get(5), meanPerClass], [100, 100, 100])
})

t.test('nothing to score is null, not zero', async t => {
  const { items, top, meanPerClass } = new AccuracyCounter(2, [1]).result()
  t.same({ items, top1: top.get(1), meanPerClass }, { items: 0, top1: null, meanPerClass: null })
})
