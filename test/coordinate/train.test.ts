import t from 'tap'
import { parseAdded, parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import { type Model, parametersOfModel } from '../../lib/coordinate/model.js'
import {
  train,
  type TrainPlan,
  type TrainTask,
  type TrainWatcher,
} from '../../lib/coordinate/train.js'
import { Exit } from '../../lib/error.js'
import type { VectorColumn } from '../../lib/stream/types.js'
import { both } from '../engine/compute.js'
import { embedded } from './embedded.js'
import { type Features, fieldOf, idsOf, openFeatures, vectorsOf } from './features.js'
import { rejected } from './refused.js'
import { settingsOf } from './settings.js'
import { world } from './world.js'

t.teardown(async () => await both().onnx.dispose())

const SIZE = { rows: 120, latent: 3, dim: 6, noise: 0.2 }
const split = Array.from({ length: SIZE.rows }, (_, r) =>
  r < 80 ? 'train' : r < 100 ? 'val' : 'test',
)

const features = (names: string[], own: Partial<Features['others']> = {}): Features => ({
  rows: SIZE.rows,
  modalities: Object.entries(world(['photo', 'text', 'voice'], SIZE))
    .filter(([name]) => names.includes(name))
    .map(([name, values]) => vectorsOf(name, SIZE.dim, values.slice())),
  others: { id: idsOf(SIZE.rows), split, ...own } as Features['others'],
})

const task = (own: Partial<TrainTask> = {}, settings = {}): TrainTask => ({
  settings: settingsOf({ epochs: 15, batch: 20, dim: 5, ...settings }),
  pairs: [],
  positives: [],
  rows: { train: undefined, val: undefined },
  refit: false,
  standardise: true,
  ...own,
})

interface Told {
  plan: TrainPlan | undefined
  refits: number[]
  warnings: string[]
  epochs: number
  spilled: number
}

const watching = (): TrainWatcher & { told: Told } => {
  const told: Told = { plan: undefined, refits: [], warnings: [], epochs: 0, spilled: 0 }
  return {
    told,
    start: plan => void (told.plan = plan),
    refit: epochs => void told.refits.push(epochs),
    spilled: ({ spilled }) => void (told.spilled = spilled),
    warn: text => void told.warnings.push(text),
    step: () => true,
    epoch: () => void told.epochs++,
  }
}

const run = async (given: Features, own: TrainTask, watcher = watching()): Promise<Model> =>
  (await train(await openFeatures(given), both().onnx, own, watcher))!

/** r@1 in percent of the test rows in one direction, by a plain loop. */
async function firstHits(given: Features, model: Model, from: string, to: string): Promise<number> {
  const columns = await embedded(given, model)
  const [a, b] = [columns[from]!, columns[to]!]
  const cosine = (i: number, j: number): number =>
    Array.from(
      { length: a.dim },
      (_, k) => a.values[i * a.dim + k]! * b.values[j * b.dim + k]!,
    ).reduce((x, y) => x + y)
  let hits = 0
  for (let i = 100; i < 120; i++) {
    const own = cosine(i, i)
    let better = 0
    for (let j = 100; j < 120; j++) if (j !== i && cosine(i, j) >= own) better++
    if (better === 0) hits++
  }
  return (100 * hits) / 20
}

t.test('heads learn to find rows they have never seen', async t => {
  const watcher = watching()
  const given = features(['photo', 'text', 'voice'])
  const model = await run(given, task(), watcher)
  t.match(watcher.told.plan, {
    rows: 120,
    train: 80,
    val: 20,
    batch: 20,
    pairs: { 'photo+text': 80, 'photo+voice': 80, 'text+voice': 80 },
    parameters: 3 * (6 * 5 + 5),
  })
  for (const [from, to] of [
    ['photo', 'text'],
    ['voice', 'photo'],
  ] as const)
    t.ok((await firstHits(given, model, from, to)) >= 35, `${from}>${to}, by chance 5`)
  t.match(model.description, {
    format: 1,
    dim: 5,
    loss: 'pcmc',
    temperature: 'shared',
    pairs: ['photo+text', 'photo+voice', 'text+voice'],
    training: { rows: 80, epochs: 15 },
  })
})

const bytes = (model: Model): string =>
  JSON.stringify(parametersOfModel(model).map(({ name, data }) => [name, [...data]]))

t.test('test rows have no say in anything (METHODS 5, pitfalls 11 and 14)', async t => {
  const given = features(['photo', 'text'])
  const spoiled = features(['photo', 'text'])
  for (const { column } of spoiled.modalities)
    (column as VectorColumn).values.fill(1e3, 100 * SIZE.dim)
  t.equal(bytes(await run(spoiled, task())), bytes(await run(given, task())))
  const valid = features(['photo', 'text'])
  for (const { column } of valid.modalities)
    (column as VectorColumn).values.fill(1e3, 80 * SIZE.dim, 81 * SIZE.dim)
  const [own, other] = [await run(given, task()), await run(valid, task())]
  t.same(other.statistics, own.statistics, 'nor validation rows in how features are standardised')
})

t.test('refit trains on validation rows too, for as long as was best', async t => {
  const watcher = watching()
  const model = await run(features(['photo', 'text']), task({ refit: true }), watcher)
  t.equal(watcher.told.refits.length, 1)
  t.match(model.description.training, { rows: 100, epoch: watcher.told.refits[0]! })
  t.equal(watcher.told.epochs, 15 + watcher.told.refits[0]!)
})

t.test('a modality joins a space whose heads stay as they are, byte for byte', async t => {
  const init = await run(features(['photo', 'text']), task())
  const frozen = new Set(['photo', 'text'])
  const given = features(['photo', 'text', 'voice'])
  const grown = await run(given, task({ init }, { frozen, epochs: 25 }))
  t.same(
    grown.description.modalities.map(({ name }) => name),
    ['photo', 'text', 'voice'],
  )
  const before = new Map(parametersOfModel(init).map(({ name, data }) => [name, [...data]]))
  for (const { name, data } of parametersOfModel(grown))
    if (/^(photo|text)\//.test(name)) t.same([...data], before.get(name), name)
  t.same(grown.statistics.photo, init.statistics.photo)
  t.same(grown.description.pairs, ['photo+voice', 'text+voice'], 'nothing learns in the third')
  t.ok((await firstHits(given, grown, 'voice', 'photo')) >= 30, 'and it finds what is there')
  t.equal(
    await firstHits(given, grown, 'photo', 'text'),
    await firstHits(given, init, 'photo', 'text'),
  )

  const alone = await run(
    features(['text', 'voice']),
    task({ init }, { frozen: new Set(['text']) }),
  )
  t.same(
    alone.description.modalities.map(({ name }) => name),
    ['photo', 'text', 'voice'],
    'a modality the new rows lack is kept',
  )
  const after = new Map(parametersOfModel(alone).map(({ name, data }) => [name, [...data]]))
  for (const [name, numbers] of before)
    if (/^(photo|text)\//.test(name)) t.same(after.get(name), numbers, name)
})

t.test('training goes on from a model where it is not frozen', async t => {
  const init = await run(features(['photo', 'text']), task())
  const start = await run(features(['photo', 'text']), task({ init }, { rate: 0, decay: 0 }))
  t.equal(bytes(start), bytes(init), 'with a rate of nothing it is that model')
  const on = await run(features(['photo', 'text']), task({ init }))
  t.not(bytes(on), bytes(init))
  t.same(on.statistics, init.statistics, 'features are standardised as the heads were trained')
})

t.test('another encoder than the head was trained for is worth a warning', async t => {
  const named = (encoder: string): Features => {
    const given = features(['photo', 'text'])
    given.modalities[0]!.field = fieldOf('photo', { dim: SIZE.dim, encoder })
    return given
  }
  const init = await run(named('hog,size=64'), task({}, { epochs: 1 }))
  const watcher = watching()
  await run(named('hog,size=32'), task({ init }, { epochs: 1 }), watcher)
  t.match(watcher.told.warnings, [/'photo' was encoded by hog,size=32.*hog,size=64/])
})

t.test('two views of an item that are one are worth a warning (METHODS 2.3)', async t => {
  const warnings = async (term: string): Promise<string[]> => {
    const watcher = watching()
    const terms = [parseLoss('pcmc'), parseAdded(term)]
    await run(features(['photo', 'text']), task({}, { terms, epochs: 1 }), watcher)
    return watcher.told.warnings
  }
  t.match(await warnings('ims,noise=0'), [/'photo' comes as one vector an item/, /'text' comes/])
  t.same(await warnings('ims'), [])
})

t.test('features can be left as they are', async t => {
  const model = await run(features(['photo', 'text']), task({ standardise: false }, { epochs: 1 }))
  t.same([...model.statistics.photo!.mean], new Array(SIZE.dim).fill(0))
  t.same([...model.statistics.photo!.deviation], new Array(SIZE.dim).fill(1))
})

t.test('rows that lack a modality count for the pairs they have', async t => {
  const given = features(['photo', 'text', 'voice'])
  const voice = given.modalities[2]!.column as VectorColumn
  for (let r = 0; r < SIZE.rows; r += 2) {
    voice.present[r] = 0
    voice.values.fill(0, r * SIZE.dim, (r + 1) * SIZE.dim)
  }
  const watcher = watching()
  const model = await run(given, task(), watcher)
  t.match(watcher.told.plan!.pairs, { 'photo+text': 80, 'photo+voice': 40, 'text+voice': 40 })
  t.ok((await firstHits(given, model, 'photo', 'text')) >= 35)
})

t.test(
  'a category modality: equal category is a match, and the table has a row for each',
  async t => {
    const codes = Int32Array.from({ length: SIZE.rows }, (_, r) => r % 4)
    const shade = Float32Array.from(
      { length: SIZE.rows * 3 },
      (_, i) =>
        (Math.floor(i / 3) % 4) * 0.5 +
        Math.sin(i) / 3 +
        (i % 3 === 1 ? -((Math.floor(i / 3) % 4) ** 2) / 4 : 0),
    )
    const given: Features = {
      rows: SIZE.rows,
      modalities: [
        vectorsOf('photo', 3, shade),
        {
          field: fieldOf('class', {
            kind: 'category',
            layout: 'category',
            dim: 0,
            vocabulary: ['a', 'b', 'c', 'd'],
          }),
          column: { layout: 'category', codes, present: new Uint8Array(SIZE.rows).fill(1) },
        },
      ],
      others: { id: idsOf(SIZE.rows), split },
    }
    const model = await run(given, task({}, { epochs: 30 }))
    t.match(model.description.modalities, [{ head: 'linear' }, { head: 'embedding', input: 4 }])
    const val = model.description.training['val r@1'] as number
    t.ok(val > 70, `r@1 by category ${val}, by id it could not be above 20`)
  },
)

t.test('what cannot be trained is refused', async t => {
  const given = features(['photo', 'text'])
  const refuse = (own: TrainTask, exit: Parameters<typeof rejected>[2], words: RegExp) =>
    rejected(t, run(given, own), exit, words)
  const pair = { a: 'photo', b: 'film', weight: 1 }
  await refuse(task({ pairs: [pair] }), Exit.usage, /no modality 'film'/)
  await refuse(task({ positives: [{ column: 'label' }] }), Exit.usage, /no column 'label'/)
  const where = (column: string, value: string) => ({ column, values: new Set([value]) })
  await refuse(
    task({ rows: { train: where('fold', '1'), val: undefined } }),
    Exit.usage,
    /no column 'fold'/,
  )
  await refuse(
    task({ rows: { train: where('split', 'nobody'), val: undefined } }),
    Exit.noRows,
    /0 of 120 rows to train on/,
  )
  const init = await run(given, task({}, { epochs: 1 }))
  await refuse(task({ init }, { dim: 9 }), Exit.usage, /--dim 9: the model of --init has 5/)
  await refuse(
    task({ init }, { frozen: new Set(['photo', 'text']) }),
    Exit.badData,
    /no pair to train/,
  )
  await rejected(t, run(features(['photo']), task()), Exit.badData, /no pair to train/)
  const nobody = features(['photo', 'text'])
  const [photo, text] = nobody.modalities.map(m => (m.column as VectorColumn).present)
  photo!.forEach((_, r) => ((photo![r] = r % 2), (text![r] = 1 - (r % 2))))
  for (const { column } of nobody.modalities) (column as VectorColumn).values.fill(0)
  await rejected(t, run(nobody, task()), Exit.noRows, /no pair has 2 training rows/)
})
