import t from 'tap'
import { metricsOf } from '../../../lib/retrieve/metric.js'
import { pair, verdict } from '../../../lib/retrieve/uncertainty/pair.js'
import { interval, resample, type Resampled } from '../../../lib/retrieve/uncertainty/resample.js'

const [hit, median] = metricsOf(['r@k', 'medr'], [1])
const numbers = (count: number, of: (i: number) => number) =>
  Float64Array.from({ length: count }, (_, i) => of(i))
const range = (count: number) => Int32Array.from({ length: count }, (_, i) => i)
const deviation = (values: Float64Array) => {
  const mean = values.reduce((a, b) => a + b) / values.length
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length)
}

t.test('the bootstrap of a mean spreads as the binomial says', async t => {
  const of = numbers(400, i => Number(i % 4 === 0))
  const resampling = { resamples: 4000, seed: 1, items: 400 }
  const [{ values }] = resample(
    { values: [{ metric: hit!, of }] },
    range(400),
    resampling,
  ) as unknown as [Resampled]
  const wanted = 100 * Math.sqrt((0.25 * 0.75) / 400)
  t.ok(Math.abs(deviation(values) / wanted - 1) < 0.05, `${deviation(values)}, ${wanted}`)
  const [low, high] = interval(values)!
  t.ok(Math.abs(low - (25 - 1.96 * wanted)) < 0.5 && Math.abs(high - (25 + 1.96 * wanted)) < 0.5)
})

t.test('items are drawn, not captions: five equal captions each make nothing surer', async t => {
  const of = numbers(60, i => Number(i % 3 === 0))
  const rank = numbers(60, i => (i * 7) % 11)
  const resampling = { resamples: 300, seed: 2, items: 60 }
  const five = (values: Float64Array) =>
    Float64Array.from({ length: 300 }, (_, i) => values[Math.floor(i / 5)]!)
  const one = resample(
    {
      values: [
        { metric: hit!, of },
        { metric: median!, of: rank },
      ],
    },
    range(60),
    resampling,
  )
  const many = resample(
    {
      values: [
        { metric: hit!, of: five(of) },
        { metric: median!, of: five(rank) },
      ],
    },
    range(300).map(i => Math.floor(i / 5)),
    resampling,
  )
  one.forEach(({ values }, i) =>
    t.ok(values.every((value, r) => Math.abs(value - many[i]!.values[r]!) < 1e-9)),
  )
})

t.test('the median of a resample is that of the queries written out', async t => {
  const rank = numbers(7, i => [3, 1, 4, 1, 5, 9, 2][i]!)
  const itemOf = Int32Array.from([0, 0, 1, 2, 2, 3, 3])
  const resampling = { resamples: 200, seed: 3, items: 4 }
  const [{ values }] = resample(
    { values: [{ metric: median!, of: rank }] },
    itemOf,
    resampling,
  ) as unknown as [Resampled]
  const { drawItems } = await import('../../../lib/retrieve/uncertainty/resample.js')
  for (let r = 0; r < 200; r++) {
    const weights = drawItems(resampling, r)
    t.equal(
      weights.reduce((a, b) => a + b),
      4,
    )
    const all = [...itemOf].flatMap((item, q) =>
      Array.from({ length: weights[item]! }, () => rank[q]!),
    )
    all.sort((a, b) => a - b)
    const wanted = (all[(all.length - 1) >> 1]! + all[all.length >> 1]!) / 2
    if (values[r] !== wanted) t.equal(values[r], wanted)
  }
})

const system = (of: Float64Array, names = [...of.keys()].map(String)) => ({
  ranking: { values: [{ metric: hit!, of }] },
  names,
})

t.test('a lead in every one of ten items has the exact p of sign flips', async t => {
  const resampling = { resamples: 40000, seed: 4, items: 10 }
  const found = pair(
    system(numbers(10, () => 1)),
    system(numbers(10, () => 0)),
    range(10),
    resampling,
  )
  const { difference, relative, ci, p } = verdict(found.differences[0]!)
  t.equal(difference, 100)
  t.equal(relative, null, 'there is no share of nothing')
  t.same(ci, [100, 100])
  t.ok(Math.abs(p - 2 / 1024) < 6e-4, `${p}`)
  const grouped = pair(
    system(numbers(10, () => 1)),
    system(numbers(10, () => 0)),
    range(10).map(i => i >> 2),
    {
      ...resampling,
      items: 3,
    },
  )
  t.ok(Math.abs(verdict(grouped.differences[0]!).p - 0.25) < 0.01, 'three items are three coins')
})

t.test('queries are matched by name, whatever their order; who is alone is counted', async t => {
  const one = system(Float64Array.from([1, 0, 1]), ['a', 'b', 'c'])
  const other = system(Float64Array.from([1, 1, 0]), ['c', 'b', 'x'])
  const resampling = { resamples: 100, seed: 5, items: 3 }
  const { queries, unmatched, differences } = pair(one, other, range(3), resampling)
  t.same(
    { queries, unmatched, difference: differences[0]!.difference },
    { queries: 2, unmatched: 2, difference: -50 },
  )
  t.equal(verdict(differences[0]!).relative, -50, 'of the 100 that the other has on these two')
  t.same(pair(one, system(Float64Array.from([1]), ['z']), range(3), resampling).differences, [])
})
