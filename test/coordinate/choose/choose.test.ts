import t from 'tap'
import type { ClosedForm } from '../../../lib/coordinate/closed-form/model.js'
import { type Model, parametersOfModel } from '../../../lib/coordinate/model.js'
import { train, type TrainTask, type TrainWatcher } from '../../../lib/coordinate/train.js'
import { reals } from '../../engine/numbers.js'
import { both } from '../../engine/compute.js'
import { type Features, idsOf, openFeatures, vectorsOf } from '../features.js'
import { rejected } from '../refused.js'
import { settingsOf } from '../settings.js'
import { Exit } from '../../../lib/error.js'

t.teardown(async () => await both().onnx.dispose())

const CCA: ClosedForm = { name: 'cca', ridge: 0.01, power: 2 }
const ROWS = 160
const DIM = 6

/** Two modalities that share `share(z)` of three hidden numbers z, in six numbers each. */
function shared(share: (z: number) => number): Features {
  const z = reals(ROWS * 3, 1)
  const noise = [reals(ROWS * DIM, 2), reals(ROWS * DIM, 3)]
  const side = (m: number): Float32Array =>
    Float32Array.from({ length: ROWS * DIM }, (_, at) => {
      const [r, j] = [Math.floor(at / DIM), at % DIM]
      const own = z[r * 3 + (j % 3)]!
      return (m === 0 ? own : share(own)) + 0.2 * noise[m]![at]!
    })
  const split = Array.from({ length: ROWS }, (_, r) => (r < 100 ? 'train' : 'val'))
  return {
    rows: ROWS,
    modalities: [vectorsOf('photo', DIM, side(0)), vectorsOf('text', DIM, side(1))],
    others: { id: idsOf(ROWS), split } as Features['others'],
  }
}

const task = (own: Partial<TrainTask>, settings = {}): TrainTask => ({
  settings: settingsOf({ epochs: 1, batch: 50, dim: 8, rate: 1e-5, ...settings }),
  pairs: [],
  positives: [],
  rows: { train: undefined, val: undefined },
  refit: false,
  standardise: true,
  ...own,
})

const watching = () => {
  const told: [string, Record<string, unknown>][] = []
  const watcher: TrainWatcher = {
    start() {},
    refit() {},
    warn() {},
    spilled() {},
    epoch() {},
    step: () => true,
    note: (event, fields) => void told.push([event, fields]),
  }
  return { told, watcher }
}

const run = async (given: Features, own: TrainTask, watcher = watching().watcher): Promise<Model> =>
  (await train(await openFeatures(given), both().onnx, own, watcher))!

const numbersOf = (model: Model) =>
  parametersOfModel(model).map(({ name, data }) => [name, [...data]])

t.test('heads that have learned nothing give way to the closed form of all rows', async t => {
  const given = shared(z => z)
  const { told, watcher } = watching()
  const found = await run(given, task({ fallback: CCA }), watcher)
  const wanted = await run(given, task({ closedForm: CCA }))
  t.same(numbersOf(found), numbersOf(wanted), 'the bytes of --closed-form cca')
  t.same(
    told.map(([event, { kept }]) => [event, kept]),
    [['fallback', false]],
  )
})

t.test('heads that see what no linear map can are kept', async t => {
  const given = shared(Math.abs)
  const { told, watcher } = watching()
  const settings = {
    epochs: 150,
    rate: 1e-2,
    head: () => ({ kind: 'mlp', hidden: 32, dropout: 0 }),
  }
  const found = await run(given, task({ fallback: CCA }, settings), watcher)
  t.equal(found.description.loss, 'pcmc')
  t.same(numbersOf(found), numbersOf(await run(given, task({}, settings))), 'as without')
  t.same(
    told.map(([event, { kept }]) => [event, kept]),
    [['fallback', true]],
    'and that is said',
  )
})

t.test('a closed form that would map a modality to zero is never taken', async t => {
  const { rows, others, modalities } = shared(z => z)
  const voice = vectorsOf('voice', DIM, new Float32Array(ROWS * DIM).fill(0.5))
  const given: Features = { rows, others, modalities: [...modalities, voice] }
  const found = await run(given, task({ fallback: CCA }))
  t.equal(found.description.loss, 'pcmc')
  const { told, watcher } = watching()
  const kept = new Set(['dim', 'head', 'whiten', 'decay'] as const)
  const tuned = await run(given, task({ tune: { minutes: 60, form: CCA, kept } }), watcher)
  t.equal(tuned.description.loss, 'pcmc', 'nor does a search end by it')
  const trial = told.find(([, { options }]) => options === '--start cca')!
  t.match(trial[1].error, /'voice' shares nothing/)
})

t.test('nothing to compare by: training is as without', async t => {
  const given = shared(z => z)
  const rows = { train: undefined, val: 0 }
  const found = await run(given, task({ fallback: CCA, rows }))
  t.equal(found.description.loss, 'pcmc')
})

/** The same, whose validation rows have one side alone. */
function oneSided(): Features {
  const { rows, others } = shared(z => z)
  const side = (name: string): Features['modalities'][number] =>
    vectorsOf(
      name,
      DIM,
      reals(ROWS * DIM, name === 'photo' ? 2 : 3),
      Uint8Array.from({ length: ROWS }, (_, r) =>
        Number(r < 100 || (name === 'photo') === (r % 2 === 0)),
      ),
    )
  return { rows, others, modalities: [side('photo'), side('text')] }
}

t.test('validation rows without an answer choose nothing', async t => {
  const { told, watcher } = watching()
  const found = await run(oneSided(), task({ fallback: CCA }), watcher)
  t.equal(found.description.loss, 'pcmc')
  t.same(told, [])
  const tune = { minutes: 0, form: CCA, kept: new Set<never>() }
  await rejected(t, run(oneSided(), task({ tune })), Exit.usage, /no validation row has both sides/)
})

t.test('the search takes what is better step by step, and says all of it', async t => {
  const given = shared(z => z)
  const tune = { minutes: 60, form: CCA, kept: new Set(['dim', 'head'] as const) }
  const { told, watcher } = watching()
  const found = await run(given, task({ tune }), watcher)
  const { tuned } = found.description.training as {
    tuned: { chosen: string; tried: { options: string; map: number }[] }
  }
  const trials = told.flatMap(([event, fields]) =>
    event === 'trial' ? [fields as { options: string; map: number; taken: boolean }] : [],
  )
  t.equal(tuned.chosen, trials.findLast(({ taken }) => taken)!.options)
  const taken = trials.filter(trial => trial.taken)
  t.ok(taken.length > 2, 'several steps lead to it')
  t.ok(
    taken.slice(1, -1).every(({ map }, i) => map > taken[i]!.map),
    'each better than the one before',
  )
  t.equal(taken.at(-1)!.options, '--closed-form cca', 'which nothing is clearly better than')
  t.equal(tuned.tried[0]!.options, '', 'what was asked for comes first')
  const names = tuned.tried.flatMap(({ options }) => options.match(/--\S+/g) ?? [])
  t.same([...new Set(names)].sort(), [
    '--closed-form',
    '--decay',
    '--dropout',
    '--start',
    '--whiten',
  ])
  t.same(
    told.filter(([event]) => event === 'trial').map(([, fields]) => fields.options),
    tuned.tried.map(({ options }) => options),
  )
  const again = await run(given, task({ tune }))
  t.same(numbersOf(again), numbersOf(found), 'and once more the same')
  t.same(again.description, found.description)
})

t.test('a search without time tries what was asked for, and the closed form', async t => {
  const tune = { minutes: 0, form: CCA, kept: new Set<never>() }
  const found = await run(
    shared(z => z),
    task({ tune }),
  )
  const { tuned } = found.description.training as { tuned: { tried: { options: string }[] } }
  t.same(
    tuned.tried.map(({ options }) => options),
    ['', '--closed-form cca'],
  )
})

t.test('a search without validation rows is refused', async t => {
  const tune = { minutes: 1, form: CCA, kept: new Set<never>() }
  const rows = { train: undefined, val: 0 }
  await rejected(
    t,
    run(
      shared(z => z),
      task({ tune, rows }),
    ),
    Exit.usage,
    /validation rows/,
  )
})
