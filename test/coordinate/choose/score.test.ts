import t from 'tap'
import {
  isClearlyBetter,
  lead,
  mean,
  overall,
  type Scores,
  scoresOf,
} from '../../../lib/coordinate/choose/score.js'
import { train } from '../../../lib/coordinate/train.js'
import { both } from '../../engine/compute.js'
import { datasetOf, rowsFrom } from '../world.js'
import { idsOf, openFeatures, vectorsOf } from '../features.js'
import { settingsOf } from '../settings.js'

t.teardown(async () => await both().onnx.dispose())

const PAIRS = [{ a: 'photo', b: 'text', weight: 1 }]

const at = (...degrees: number[]): Float32Array =>
  Float32Array.from(
    degrees.flatMap(d => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)]),
  )

t.test('all answers of a query count, and not only the first', async t => {
  const features = { photo: at(0, 10, 80), text: at(0, 90, 50) }
  const stream = await openFeatures({
    rows: 3,
    modalities: Object.entries(features).map(([name, values]) => vectorsOf(name, 2, values)),
    others: { id: idsOf(3) },
  })
  const asTheyAre = (await train(
    stream,
    both().onnx,
    {
      settings: settingsOf({
        epochs: 1,
        batch: 3,
        dim: 2,
        rate: 1e-12,
        decay: 0,
        head: () => ({ kind: 'linear', hidden: 2, dropout: 0 }),
      }),
      pairs: [],
      positives: [],
      rows: { train: undefined, val: 0 },
      refit: false,
      standardise: false,
      start: 'identity',
    },
    { start() {}, refit() {}, warn() {}, spilled() {}, epoch() {}, step: () => true },
  ))!
  const data = { ...datasetOf(features, 2), groupings: { label: Int32Array.of(7, 7, 8) } }
  const own = { ...data, grouping: () => 'label' }
  const found = await scoresOf(both().onnx, asTheyAre, own, rowsFrom(0, 3), PAIRS)
  // Of the photo at 0 degrees the texts at 0 and 90 are right, and that at 50 is between them.
  t.same([...found.directions['photo>text']!], [(1 + 2 / 3) / 2, (1 + 2 / 3) / 2, 1 / 2])
  t.same([...found.directions['text>photo']!], [1, (1 / 2 + 2 / 3) / 2, 1])
  t.same([...found.groups], [7, 7, 8])
  t.same([...overall(found)].slice(1), [((1 + 2 / 3) / 2 + (1 / 2 + 2 / 3) / 2) / 2, 3 / 4])
})

t.test('the lead is the mean difference, and its error that of a mean of independent rows', t => {
  const [a, b] = [Float64Array.of(1, 0.5, 0.5, 1), Float64Array.of(0.5, 0.5, 1, 0)]
  // Differences 0.5, 0, -0.5, 1: mean 0.25, sample variance 1.25 / 3.
  const found = lead(a, b, rowsFrom(0, 4))
  t.equal(found.mean, 0.25)
  t.ok(Math.abs(found.error - Math.sqrt(1.25 / 3 / 4)) < 1e-15)
  t.end()
})

t.test('rows with the same answers are one observation', t => {
  const [a, b] = [Float64Array.of(3, 3, 1, 1), new Float64Array(4)]
  // Two groups, of means 3 and 1: the error of the mean of two numbers, not of four.
  t.same(lead(a, b, Int32Array.of(5, 5, 6, 6)), { mean: 2, error: Math.sqrt(2 / 2) })
  t.same(lead(a, b, rowsFrom(0, 4)).error, Math.sqrt(4 / 3 / 4))
  t.end()
})

t.test('rows without a score count for nothing', t => {
  const some = Float64Array.of(1, NaN, 0.5)
  t.equal(mean(some), 0.75)
  t.equal(lead(some, Float64Array.of(0, 0, 0), rowsFrom(0, 3)).mean, 0.75)
  t.equal(lead(some, Float64Array.of(0, 0, 0), rowsFrom(0, 3)).error, 0.25)
  t.ok(Number.isNaN(mean(Float64Array.of(NaN))))
  t.end()
})

/** 100 rows whose scores differ by 1 from what they are in the mean. */
const around = (...means: number[]): Scores => ({
  directions: Object.fromEntries(
    means.map((middle, i) => [
      `direction ${i}`,
      Float64Array.from({ length: 100 }, (_, row) => middle + (row % 2 === 0 ? 1 : -1)),
    ]),
  ),
  groups: rowsFrom(0, 100),
})
const nothing: Scores = {
  directions: { 'direction 0': new Float64Array(100), 'direction 1': new Float64Array(100) },
  groups: rowsFrom(0, 100),
}

t.test('better by chance is not clearly better', t => {
  // One standard error is 0.1.
  t.notOk(isClearlyBetter(around(0.15, 0.15), nothing))
  t.ok(isClearlyBetter(around(0.25, 0.25), nothing))
  t.end()
})

t.test('what is clearly worse in one direction is not better, whatever it is in others', t => {
  t.ok(isClearlyBetter(around(2, -0.15), nothing))
  t.notOk(isClearlyBetter(around(2, -0.25), nothing))
  t.end()
})
