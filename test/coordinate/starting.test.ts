import t from 'tap'
import { mean, overall, scoresOf } from '../../lib/coordinate/choose/score.js'
import { copyOf } from '../../lib/coordinate/choose/copy.js'
import { covariance } from '../../lib/coordinate/closed-form/covariance.js'
import { viewOf } from '../../lib/coordinate/closed-form/views.js'
import { whitenAll, withoutWhitening } from '../../lib/coordinate/data/whiten.js'
import { emptyValues } from '../../lib/coordinate/layout.js'
import type { Model } from '../../lib/coordinate/model.js'
import { train, type TrainTask } from '../../lib/coordinate/train.js'
import { Exit } from '../../lib/error.js'
import { both } from '../engine/compute.js'
import { reals } from '../engine/numbers.js'
import { idsOf, openFeatures, vectorsOf } from './features.js'
import { rejected } from './refused.js'
import { layoutOfKinds, settingsOf } from './settings.js'
import { datasetOf, rowsFrom, world } from './world.js'

t.teardown(async () => await both().onnx.dispose())

const SIZE = { rows: 90, latent: 3, dim: 3, noise: 0.3 }
const features = world(['photo', 'text'], SIZE)
const data = () => datasetOf(features, SIZE.dim)
const training = (own = data()) => ({
  source: 'test',
  data: own,
  chosen: { train: rowsFrom(0, 60), val: rowsFrom(60, 90) },
})
const PAIRS = [{ a: 'photo', b: 'text', weight: 1 }]

t.test('what is whitened is uncorrelated over the training rows', t => {
  const own = data()
  whitenAll(training(own), 0)
  for (const modality of Object.values(own.modalities)) {
    const view = viewOf(modality, rowsFrom(0, 60))
    const found = covariance(view, view).to2DArray()
    found.forEach((row, i) =>
      row.forEach((x, j) => t.ok(Math.abs(x - Number(i === j)) < 1e-5, `${i} ${j}`)),
    )
  }
  t.end()
})

t.test('shrunk all the way nothing is left but the scale', t => {
  const own = data()
  const maps = whitenAll(training(own), 1)
  for (const map of Object.values(maps))
    map.to2DArray().forEach((row, i) =>
      row.forEach((x, j) => {
        if (i !== j) t.ok(Math.abs(x) < 1e-12)
      }),
    )
  t.end()
})

t.test('a head for features as they are gives what it gave for whitened ones', t => {
  for (const kind of ['linear', 'residual-mlp', 'mlp'] as const) {
    const layout = layoutOfKinds({ photo: kind, text: kind })
    const values = emptyValues(layout)
    for (const numbers of Object.values(values)) numbers.set(reals(numbers.length, 7))
    const learned = { values, logScale: Float32Array.of(0) }
    const own = data()
    const plain = copyOf(own)
    const maps = whitenAll(training(own), 0.2)
    const folded = withoutWhitening(layout, learned, maps)
    const first = (values: typeof learned.values): [number, Float32Array] => {
      const { group, offset, size, shape } = layout.slots[0]!
      return [shape[1]!, values[group].subarray(offset, offset + size)]
    }
    const product = (x: Float32Array, [units, w]: [number, Float32Array]): number[] =>
      Array.from({ length: units }, (_, u) =>
        Array.from(x).reduce((sum, value, k) => sum + value * w[k * units + u]!, 0),
      )
    const vector = (from: typeof own): Float32Array => {
      const { photo } = from.modalities
      return (photo as unknown as { values: Float32Array }).values.subarray(0, SIZE.dim)
    }
    const [a, b] = [
      product(vector(own), first(values)),
      product(vector(plain), first(folded.values)),
    ]
    a.forEach((x, i) => t.ok(Math.abs(x - b[i]!) < 1e-5, `${kind} ${i}`))
  }
  t.end()
})

const task = (own: Partial<TrainTask>, kind: 'linear' | 'residual-mlp' | 'mlp'): TrainTask => ({
  settings: settingsOf({
    epochs: 1,
    batch: 60,
    dim: 16,
    rate: 1e-7,
    head: () => ({ kind, hidden: 8, dropout: 0 }),
  }),
  pairs: [],
  positives: [],
  rows: { train: undefined, val: undefined },
  refit: false,
  standardise: true,
  ...own,
})
const watcher = {
  start() {},
  refit() {},
  warn() {},
  spilled() {},
  epoch() {},
  step: () => true,
}
const stream = async () =>
  await openFeatures({
    rows: SIZE.rows,
    modalities: Object.entries(features).map(([name, values]) =>
      vectorsOf(name, SIZE.dim, values.slice()),
    ),
    others: {
      id: idsOf(SIZE.rows),
      split: Array.from({ length: SIZE.rows }, (_, r) => (r < 60 ? 'train' : 'val')),
    },
  })
const run = async (own: Partial<TrainTask>, kind: 'linear' | 'residual-mlp' | 'mlp') =>
  (await train(await stream(), both().onnx, task(own, kind), watcher))!
const precisions = async (model: Model) =>
  overall(await scoresOf(both().onnx, model, data(), rowsFrom(60, 90), PAIRS))

t.test('a linear head that starts with CCA ranks as CCA does', async t => {
  const form = { name: 'cca', ridge: 0.01, power: 2 } as const
  const closed = await run({ closedForm: form, rows: { train: undefined, val: 0 } }, 'linear')
  const wanted = await precisions(closed)
  t.same(await precisions(await run({ start: 'cca' }, 'linear')), wanted)
  const whitened = await precisions(await run({ start: 'cca', whiten: 0 }, 'linear'))
  t.ok(Math.abs(mean(whitened) - mean(wanted)) < 0.1, 'nor is that any worse of whitened features')
})

t.test('a head that starts as the identity gives the features back', async t => {
  const model = await run({ start: 'identity' }, 'linear')
  const { offset, group } = model.layout.slots.find(({ path }) => path === 'text/linear.weight')!
  const weights = model.values[group].subarray(offset, offset + 3 * 16)
  weights.forEach((x, at) =>
    t.ok(Math.abs(x - Number(at % 16 === Math.floor(at / 16))) < 1e-4, `${at}`),
  )
})

t.test('heads that cannot start so are refused', async t => {
  await rejected(t, run({ start: 'cca' }, 'mlp'), Exit.usage, /--start cca/)
})
