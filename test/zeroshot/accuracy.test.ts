import fc from 'fast-check'
import t from 'tap'
import { exactSimilarity } from '../../lib/retrieve/exact-similarity.js'
import { topEntries } from '../../lib/retrieve/top.js'
import { AccuracyCounter } from '../../lib/zeroshot/accuracy.js'
import { vectors } from '../retrieve/vectors.js'

const digit = fc.integer({ min: -1, max: 1 })
const vector = fc.tuple(digit, digit, digit)

t.test('accuracies equal those of a plain loop with pessimistic ties', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(vector, { minLength: 1, maxLength: 9 }),
      fc.array(fc.tuple(vector, fc.nat()), { minLength: 1, maxLength: 25 }),
      async (prototypes, items) => {
        const labels = items.map(([, label]) => label % prototypes.length)
        const counter = new AccuracyCounter(prototypes.length)
        const queries = vectors(items.map(([vector]) => vector))
        const gallery = vectors(prototypes)
        const tops = topEntries({ queries, gallery, k: 5, similarity: exactSimilarity() })
        for await (const top of tops) counter.add(labels[top.query]!, top)
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
        const { items: scored, top1, top5, meanPerClass, classesPresent } = counter.result()
        const close = (a: number | null, b: number) => Math.abs(a! - b) < 1e-9
        return (
          scored === items.length &&
          classesPresent === classes.length &&
          close(top1, share(ranks, 1)) &&
          close(top5, share(ranks, 5)) &&
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
  const counter = new AccuracyCounter(7)
  const gallery = vectors(Array.from({ length: 7 }, () => [1, 0]))
  const queries = vectors([
    [1, 0],
    [0, 1],
  ])
  const tops = topEntries({ queries, gallery, k: 5, similarity: exactSimilarity() })
  for await (const top of tops) counter.add(0, top)
  t.match(counter.result(), { items: 2, top1: 0, top5: 0, ties: 2 })
})

t.test('the mean per class weighs classes, not items; absent classes do not count', async t => {
  const counter = new AccuracyCounter(3)
  const top = (query: number, entry: number) => ({
    query,
    entries: Int32Array.from([entry]),
    scores: Float64Array.from([1]),
  })
  for (let i = 0; i < 9; i++) counter.add(0, top(i, 0))
  counter.add(1, top(9, 0))
  t.match(counter.result(), { items: 10, top1: 90, meanPerClass: 50, classesPresent: 2 })
  t.same(counter.confusion(), [
    { label: 0, predicted: 0, count: 9 },
    { label: 1, predicted: 0, count: 1 },
  ])
})

t.test('nothing to score is null, not zero', async t => {
  t.match(new AccuracyCounter(2).result(), { items: 0, top1: null, top5: null, meanPerClass: null })
})
