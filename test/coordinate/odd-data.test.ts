import t from 'tap'
import { type Model, parametersOfModel } from '../../lib/coordinate/model.js'
import { train, type TrainTask } from '../../lib/coordinate/train.js'
import { Exit } from '../../lib/error.js'
import { both } from '../engine/compute.js'
import { type Features, fieldOf, idsOf, openFeatures, vectorsOf } from './features.js'
import { rejected } from './refused.js'
import { settingsOf } from './settings.js'
import { world } from './world.js'

/** Data as they should not be: a model of finite numbers comes of them, or a refusal in words. */

t.teardown(async () => await both().onnx.dispose())

const [ROWS, DIM] = [24, 3]
const clean = () => world(['photo', 'text'], { rows: ROWS, latent: 2, dim: DIM, noise: 0.3 })

const features = (own: Record<string, Float32Array>, others: Partial<Features['others']> = {}) => {
  const modalities = Object.entries({ ...clean(), ...own })
  return {
    rows: ROWS,
    modalities: modalities.map(([name, values]) => vectorsOf(name, DIM, values.slice())),
    others: { id: idsOf(ROWS), ...others } as Features['others'],
  }
}

const run = async (given: Features, settings = {}, own: Partial<TrainTask> = {}) => {
  const warnings: string[] = []
  const watcher = {
    start() {},
    refit() {},
    spilled() {},
    epoch() {},
    step: () => true,
    warn: (text: string) => void warnings.push(text),
  }
  const task: TrainTask = {
    settings: settingsOf({ epochs: 3, batch: 8, dim: 3, ...settings }),
    ...{ pairs: [], positives: [], refit: false, standardise: true },
    rows: { train: undefined, val: undefined },
    ...own,
  }
  const model = await train(await openFeatures(given), both().onnx, task, watcher)
  return { model: model!, warnings }
}

const isFinite = (model: Model) =>
  parametersOfModel(model).every(({ data }) => data.every(Number.isFinite))

t.test('vectors of zeros, all of them or some, in either loss, standardised or not', async t => {
  const none = new Float32Array(ROWS * DIM)
  const some = clean().photo!.map((x, i) => (i < 6 * DIM ? 0 : x))
  for (const loss of ['pcmc', 'pcmr'] as const)
    for (const standardise of [true, false])
      for (const photo of [none, some]) {
        const { model } = await run(features({ photo }), { loss }, { standardise })
        t.ok(isFinite(model), `${loss} ${standardise}`)
      }
})

t.test('columns that never vary keep their scale, however large or small', async t => {
  for (const constant of [7, 1e30, 1e-30]) {
    const photo = clean().photo!.map((x, i) => (i % DIM === 0 ? constant : x))
    const { model } = await run(features({ photo }))
    t.ok(isFinite(model), `${constant}`)
    t.equal(model.statistics['photo']!.deviation[0], 1, `${constant}`)
  }
})

t.test('the largest and the smallest of numbers', async t => {
  for (const size of [3e38, 1e-44]) {
    const photo = clean().photo!.map(x => Math.fround(Math.tanh(x) * size))
    t.ok(isFinite((await run(features({ photo }))).model), `${size}`)
  }
})

t.test('one class only: every item is a positive of every other', async t => {
  const given = features({})
  given.modalities.pop()
  const vocabulary = ['a', 'b']
  given.modalities.push({
    field: fieldOf('class', { kind: 'category', layout: 'category', dim: 0, vocabulary }),
    column: {
      layout: 'category',
      codes: new Int32Array(ROWS),
      present: new Uint8Array(ROWS).fill(1),
    },
  })
  for (const loss of ['pcmc', 'pcmr'] as const)
    t.ok(isFinite((await run(given, { loss })).model), loss)
})

t.test('one pair without rows leaves the others to learn from', async t => {
  const given = features({})
  const lacking = Uint8Array.from({ length: ROWS }, (_, r) => r % 2)
  const [a, b] = [lacking, lacking.map(there => 1 - there)]
  given.modalities.push(
    vectorsOf(
      'sound',
      DIM,
      clean().photo!.map((x, i) => (a[Math.floor(i / DIM)] ? x : 0)),
      a,
    ),
    vectorsOf(
      'touch',
      DIM,
      clean().text!.map((x, i) => (b[Math.floor(i / DIM)] ? x : 0)),
      b,
    ),
  )
  t.ok(isFinite((await run(given)).model))
})

t.test('a batch larger than the data, and as few items as can be', async t => {
  t.ok(isFinite((await run(features({}), { batch: 100_000 })).model))
  const rows = (n: number) => ({
    ...features({}),
    ...{ rows: n, others: { id: idsOf(n) } },
    modalities: Object.entries(clean()).map(([name, values]) =>
      vectorsOf(name, DIM, values.slice(0, n * DIM)),
    ),
  })
  t.ok(isFinite((await run(rows(2), {}, { rows: { train: undefined, val: 0 } })).model))
  await rejected(t, run(rows(1)), Exit.noRows, /1 of 1 rows to train on, expected at least 2/)
  await rejected(t, run(rows(0)), Exit.noRows, /0 of 0 rows to train on/)
})

t.test('a learning rate beyond reason ends with the step, or with finite numbers', async t => {
  await rejected(
    t,
    run(features({}), { rate: 1e38, clip: Infinity, decay: 0, epochs: 20 }),
    Exit.badData,
    /the loss is (NaN|-?Infinity) at step \d+ \(epoch \d+\)/,
  )
  t.ok(isFinite((await run(features({}), { rate: 10 })).model))
})

t.test('items that training and a measurement share are counted', async t => {
  const split = Array.from({ length: ROWS }, (_, r) => (r < 12 ? 'train' : r < 18 ? 'val' : 'test'))
  const id = idsOf(ROWS)
  for (const r of [12, 13, 18]) id[r] = id[0]!
  id[19] = id[1]!
  const { warnings } = await run(features({}, { id, split }))
  t.same(warnings, [
    'items in training and validation rows alike: 1; the epoch is chosen on some it saw',
    'items in training rows and in split=test alike: 2; a measure of those flatters',
  ])
  const other = await run(features({}, { id: idsOf(ROWS), split }))
  t.same(other.warnings, [])
})
