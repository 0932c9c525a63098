import t from 'tap'
import { drawItems, interval } from '../../../lib/retrieve/uncertainty/resample.js'
import { harmonicMean } from '../../../lib/zeroshot/generalised/curve.js'
import { AccuracyCounter, meanOver } from '../../../lib/zeroshot/metrics/accuracy.js'
import { ItemNumbers, Outcomes } from '../../../lib/zeroshot/metrics/resample.js'
import { scoredOf, topOf } from './scored.js'

t.test('rows that share an id are one item', async t => {
  const items = new ItemNumbers()
  t.same(
    ['a', 'b', 'a', 'c'].map(id => items.of(id)),
    [0, 1, 0, 2],
  )
  t.equal(items.count, 3)
})

t.test('intervals are those of metrics measured on drawn rows again and again', async t => {
  const random = (i: number) => (Math.imul(i + 1, 2654435761) >>> 7) % 100
  const rows = Array.from({ length: 60 }, (_, i) => ({
    item: i % 25,
    label: random(i) % 4,
    scores: [0, 1, 2, 3].map(label => random(100 * label + i)),
  }))
  const unseen = new Set([3])
  const scored = rows.map(({ item, label, scores }) =>
    scoredOf([label], topOf(scores, 2), { item }),
  )
  const outcomes = new Outcomes(4, [1, 2], unseen)
  for (const each of scored) outcomes.add(each)
  const resampling = { resamples: 200, seed: 3, items: 25 }

  const series: Record<string, number[]> = {}
  for (let r = 0; r < resampling.resamples; r++) {
    const weights = drawItems(resampling, r)
    const counter = new AccuracyCounter(4, [1, 2])
    for (const each of scored) for (let n = 0; n < weights[each.item]!; n++) counter.add(each)
    const { top, meanPerClass } = counter.result()
    const side = (wanted: boolean) =>
      meanOver(counter.perClass().filter(({ index }) => unseen.has(index) === wanted)) ?? NaN
    const [seen, other] = [side(false), side(true)]
    const values = {
      top1: top.get(1)!,
      top2: top.get(2)!,
      mean_per_class: meanPerClass!,
      acc_seen: seen,
      acc_unseen: other,
      h: harmonicMean(seen, other),
    }
    for (const [key, value] of Object.entries(values)) (series[key] ??= []).push(value)
  }
  const found = outcomes.intervals(resampling, undefined)
  t.same(Object.keys(found), Object.keys(series))
  for (const [key, values] of Object.entries(series)) {
    const wanted = interval(Float64Array.from(values))!
    wanted.forEach((end, i) => t.ok(Math.abs(end - found[key]![i]!) < 1e-9, key))
  }
})
