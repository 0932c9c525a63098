import t from 'tap'
import { type Model, parametersOfModel } from '../../lib/coordinate/model.js'
import { train, type TrainTask } from '../../lib/coordinate/train.js'
import { Exit } from '../../lib/error.js'
import type { PoolingKind } from '../../lib/coordinate/poolings/index.js'
import { both } from '../engine/compute.js'
import { embedded } from './embedded.js'
import { type Features, idsOf, openFeatures, vectorsOf } from './features.js'
import { rejected } from './refused.js'
import { settingsOf } from './settings.js'
import { world } from './world.js'

/** Spaces that grow by a modality: what was there stays, byte for byte. */

t.teardown(async () => await both().onnx.dispose())

const SIZE = { rows: 300, latent: 4, dim: 8, noise: 0.3 }
const TRAIN = 200
const TEST = SIZE.rows - TRAIN
const DIM = 8
const ALL = ['photo', 'text', 'voice']
const seen = world(ALL, SIZE)

const features = (names: readonly string[], own: Record<string, Float32Array> = {}): Features => ({
  rows: SIZE.rows,
  modalities: names.map(name => vectorsOf(name, SIZE.dim, (own[name] ?? seen[name]!).slice())),
  others: {
    id: idsOf(SIZE.rows),
    split: Array.from({ length: SIZE.rows }, (_, r) => (r < TRAIN ? 'train' : 'test')),
  },
})

const quiet = {
  ...{ start: () => {}, refit: () => {}, spilled: () => {}, warn: () => {} },
  ...{ step: () => true, epoch: () => {} },
}

async function run(
  given: Features,
  own: { init?: Model; freeze?: string[]; head?: TrainTask['settings']['head'] } = {},
): Promise<Model> {
  const { init, freeze = [], head } = own
  const task: TrainTask = {
    settings: settingsOf({
      ...{ epochs: 25, batch: 50, dim: DIM, decay: 0, frozen: new Set(freeze) },
      ...(head && { head }),
    }),
    ...{ pairs: [], positives: [], refit: false, standardise: true },
    rows: { train: undefined, val: 0 },
    ...(init && { init }),
  }
  return (await train(await openFeatures(given), both().onnx, task, quiet))!
}

/** Embeddings of the test rows by modality. */
async function testOf(given: Features, model: Model): Promise<Record<string, Float32Array>> {
  const columns = Object.entries(await embedded(given, model))
  return Object.fromEntries(
    columns.map(([name, { values }]) => [name, values.subarray(TRAIN * DIM)]),
  )
}

/** r@1 in percent, the mean of both directions. */
function found(a: Float32Array, b: Float32Array): number {
  const cosine = (x: Float32Array, i: number, y: Float32Array, j: number): number => {
    let sum = 0
    for (let k = 0; k < DIM; k++) sum += x[i * DIM + k]! * y[j * DIM + k]!
    return sum
  }
  const rows = [...Array(TEST).keys()]
  const way = (x: Float32Array, y: Float32Array): number =>
    rows.filter(i => rows.every(j => j === i || cosine(x, i, y, j) < cosine(x, i, y, i))).length
  return (100 * (way(a, b) + way(b, a))) / (2 * TEST)
}

const universal =
  (pooling?: PoolingKind): TrainTask['settings']['head'] =>
  () => ({ kind: 'linear', hidden: 6, dropout: 0, pooling })

for (const pooling of [undefined, 'universal'] as const)
  t.test(`a modality joins a frozen space (${pooling ?? 'plain heads'})`, async t => {
    const head = universal(pooling)
    const old = await run(features(['photo', 'text']), { head })
    const joint = await run(features(ALL), { head })
    const grown = await run(features(ALL), { head, init: old, freeze: ['photo', 'text'] })
    const [before, after] = [
      await testOf(features(['photo', 'text']), old),
      await testOf(features(ALL), grown),
    ]
    for (const name of ['photo', 'text'])
      t.equal(Buffer.compare(bytes(before[name]!), bytes(after[name]!)), 0, `${name}: every byte`)
    const together = await testOf(features(ALL), joint)
    const mean = (of: Record<string, Float32Array>): number =>
      (found(of.voice!, of.photo!) + found(of.voice!, of.text!)) / 2
    const [joined, reference] = [mean(after), mean(together)]
    t.ok(reference > 15, `trained together ${reference}, by chance ${100 / TEST}`)
    t.ok(joined > reference - 8, `joined later ${joined}, trained together ${reference}`)

    // The rows of the second training need not have every old modality.
    const beside = await run(features(['text', 'voice']), { head, init: old, freeze: ['text'] })
    const again = await testOf(features(['photo', 'text']), beside)
    for (const name of ['photo', 'text'])
      t.equal(Buffer.compare(bytes(before[name]!), bytes(again[name]!)), 0, `${name}, left out`)
  })

const bytes = (numbers: Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)

t.test('what modalities share stays where one that is not there needs it', async t => {
  const head = universal('universal')
  const old = await run(features(['photo', 'text']), { head })
  // Nothing is frozen by name; photo is not trained, and reads what text and voice share with it.
  const grown = await run(features(['text', 'voice']), { head, init: old })
  const before = new Map(parametersOfModel(old).map(({ name, data }) => [name, data]))
  for (const { name, data } of parametersOfModel(grown)) {
    if (/^(photo|shared)\//.test(name)) t.same(data, before.get(name), name)
    if (name === 'text/linear.weight') t.notSame(data, before.get(name), 'text goes on')
  }
})

t.test('the space of an encoder is kept by identity heads', async t => {
  // Unit vectors that agree in photo and text: the space of an encoder of both.
  const space = seen.photo!.map((_, i) => Math.sin(1 + i * 0.7) + seen.photo![i]!)
  const own = { photo: space, text: space.map((x, i) => x + Math.sin(i) / 9) }
  const given = features(ALL, own)
  const kept: TrainTask['settings']['head'] = name => ({
    ...{ kind: name === 'voice' ? 'linear' : 'identity', hidden: 6, dropout: 0 },
  })
  const model = await run(given, { head: kept })
  t.same(model.description.pairs, ['photo+voice', 'text+voice'], 'nothing learns in the third')
  const made = await testOf(given, model)
  const row = own.photo.subarray(TRAIN * DIM, (TRAIN + 1) * DIM)
  const norm = Math.hypot(...row)
  t.ok(
    row.every((x, k) => Math.abs(x / norm - made.photo![k]!) < 1e-6),
    'embeddings are the features with norm 1, not standardised',
  )
  t.ok(found(made.voice!, made.photo!) > 5, 'and another modality finds its way there')
  const narrow: Features = {
    ...given,
    modalities: [vectorsOf('photo', 3, new Float32Array(900)), ...given.modalities.slice(1)],
  }
  await rejected(
    t,
    run(narrow, { head: kept }),
    Exit.usage,
    /--head photo=identity: its vectors have 3 numbers, the space has 8 dimensions/,
  )
  await rejected(
    t,
    run(features(['photo', 'text'], own), { head: kept }),
    Exit.badData,
    /no pair to train/,
  )
})
