import fc from 'fast-check'
import t from 'tap'
import { FAMILIES, metricsOf } from '../../lib/retrieve/metric.js'
import { evaluate } from '../../lib/cli/options/pcm-eval.js'

const K = 5

/** The textbook on a whole ranking: true where an entry is relevant, best first. */
const TEXTBOOK: Record<string, (ranking: boolean[]) => number> = {
  'r@5': ranking => Number(ranking.slice(0, K).includes(true)),
  'recall@5': ranking => count(ranking.slice(0, K)) / count(ranking),
  'p@5': ranking => count(ranking.slice(0, K)) / K,
  'map@5': ranking => precisions(ranking.slice(0, K)) / Math.min(K, count(ranking)),
  'ndcg@5': ranking => dcg(ranking.slice(0, K)) / dcg(ranking.toSorted(trueFirst).slice(0, K)),
  medr: ranking => ranking.indexOf(true) + 1,
  meanr: ranking => ranking.indexOf(true) + 1,
  mrr: ranking => 1 / (ranking.indexOf(true) + 1),
  map: ranking => precisions(ranking) / count(ranking),
  rprec: ranking => count(ranking.slice(0, count(ranking))) / count(ranking),
  minp: ranking => count(ranking) / (ranking.lastIndexOf(true) + 1),
}

const count = (ranking: boolean[]) => ranking.filter(Boolean).length
const trueFirst = (a: boolean, b: boolean) => Number(b) - Number(a)
const precisions = (ranking: boolean[]) =>
  ranking.reduce((sum, right, i) => sum + (right ? count(ranking.slice(0, i + 1)) / (i + 1) : 0), 0)
const dcg = (ranking: boolean[]) =>
  ranking.reduce((sum, right, i) => sum + (right ? Math.LN2 / Math.log(i + 2) : 0), 0)

t.test('metrics of positions equal those of the whole ranking', async t => {
  const metrics = metricsOf(FAMILIES, [K])
  t.same(metrics.map(({ name }) => name).toSorted(), Object.keys(TEXTBOOK).toSorted())
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }).filter(list => list.includes(true)),
      ranking => {
        const positions = Float64Array.from(ranking.flatMap((right, i) => (right ? [i + 1] : [])))
        return metrics.every(({ name, of }) => {
          const wanted = TEXTBOOK[name]!(ranking)
          return Math.abs(of(positions) - wanted) < 1e-12
        })
      },
    ),
    { numRuns: 2000, seed: 9 },
  )
})

t.test('the command line offers the metrics that there are', async t => {
  t.same(evaluate.options.metrics.choices, FAMILIES)
})
