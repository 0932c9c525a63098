import t from 'tap'
import { parseAdded, parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import { teach, teacherState } from '../../lib/coordinate/teacher.js'
import { train, type TrainTask } from '../../lib/coordinate/train.js'
import { Input } from '../../lib/coordinate/step.js'
import type { Program } from '../../lib/engine/types.js'
import { Exit } from '../../lib/error.js'
import { compare } from '../engine/agree.js'
import { both } from '../engine/compute.js'
import { reals } from '../engine/numbers.js'
import { embedded } from './embedded.js'
import { type Features, idsOf, openFeatures, vectorsOf } from './features.js'
import { everyHead, modality, modelOf } from './model-of.js'
import { rejected } from './refused.js'
import { settingsOf } from './settings.js'
import { world } from './world.js'

t.teardown(async () => await both().onnx.dispose())

t.test(
  'a teacher says of a batch what pcm-embed says, however the batch is standardised',
  async t => {
    const model = everyHead()
    const rows = 4
    const raw = (input: number): Float32Array => reals(rows * input, 5, -2, 2)
    const ours = (input: number) => ({ mean: reals(input, 6), deviation: reals(input, 7, 0.5, 2) })
    const standardised = (input: number): Float32Array => {
      const { mean, deviation } = ours(input)
      return raw(input).map((x, i) => (x - mean[i % input]!) / deviation[i % input]!)
    }
    const { modalities } = model.description
    const names = modalities.map(({ name }) => name)
    const codes = Int32Array.of(0, 2, 1, 2)
    const statistics = modalities.map(({ name, input }) => [name, ours(input)] as const)
    const teacher = { model, statistics: Object.fromEntries(statistics) }
    const program: Program = {
      name: 'a teacher',
      inputs: Object.fromEntries(
        modalities.map(({ name, head, input }) => [
          Input.feature(name),
          head === 'embedding'
            ? { shape: [rows], dtype: 'int32' as const }
            : { shape: [rows, input], dtype: 'float32' as const },
        ]),
      ),
      step: ({ state, inputs }) => ({ outputs: teach(teacher, names, state, inputs).units }),
    }
    const given: Features = {
      rows,
      modalities: modalities.map(({ name, head, input, vocabulary }) =>
        head === 'embedding'
          ? {
              field: {
                ...{ name, kind: 'category', layout: 'category', dim: 0, float: 'float32' },
                ...{ unit: false, vocabulary: vocabulary! },
              },
              column: { layout: 'category', codes, present: new Uint8Array(rows).fill(1) },
            }
          : vectorsOf(name, input, raw(input)),
      ) as Features['modalities'],
      others: { id: idsOf(rows) },
    }
    for (const engine of Object.values(both())) {
      const state = engine.state(teacherState(teacher, names))
      const compiled = await engine.compile(program, state)
      const said = await compiled.run(
        Object.fromEntries(
          modalities.map(({ name, head, input }) => [
            Input.feature(name),
            head === 'embedding' ? codes : standardised(input),
          ]),
        ),
      )
      const made = await embedded(given, model, engine)
      for (const name of names)
        t.equal(compare(said[name]!, made[name]!.values), undefined, `${engine.name}: ${name}`)
      compiled.dispose()
      state.dispose()
    }
  },
)

const SIZE = { rows: 160, latent: 3, dim: 6, noise: 0.15 }
const split = Array.from({ length: SIZE.rows }, (_, r) => (r < 120 ? 'train' : 'test'))
const NAMES = ['photo', 'text']

const features = (): Features => ({
  rows: SIZE.rows,
  modalities: Object.entries(world(NAMES, SIZE)).map(([name, values]) =>
    vectorsOf(name, SIZE.dim, values.slice()),
  ),
  others: { id: idsOf(SIZE.rows), split, early: split.map((_, r) => (r < 24 ? 'yes' : 'no')) },
})

const task = (own: Partial<TrainTask> = {}, settings = {}): TrainTask => ({
  settings: settingsOf({ epochs: 30, batch: 30, dim: 5, decay: 0, ...settings }),
  ...{ pairs: [], positives: [], refit: false, standardise: true },
  rows: { train: undefined, val: 0 },
  ...own,
})

const quiet = {
  ...{ start: () => {}, refit: () => {}, spilled: () => {}, warn: () => {} },
  ...{ step: () => true, epoch: () => {} },
}

const run = async (own: TrainTask) =>
  (await train(await openFeatures(features()), both().onnx, own, quiet))!

type Trained = Awaited<ReturnType<typeof run>>

/** Unit embeddings of the test rows by modality. */
async function testOf(model: Trained): Promise<Record<string, Float32Array>> {
  const columns = await embedded(features(), model)
  return Object.fromEntries(NAMES.map(name => [name, columns[name]!.values.subarray(120 * 5)]))
}

/** r@1 in percent. */
function firstHits(queries: Float32Array, gallery: Float32Array): number {
  const score = (i: number, j: number): number =>
    [...queries.subarray(5 * i, 5 * i + 5)].reduce((sum, x, k) => sum + x * gallery[5 * j + k]!, 0)
  const rows = [...Array(40).keys()]
  const hits = rows.filter(i => rows.every(j => j === i || score(i, j) < score(i, i)))
  return (100 * hits.length) / 40
}

t.test(
  'the gallery of an old model answers the queries of one trained to be compatible',
  async t => {
    const few = { train: { column: 'early', values: new Set(['yes']) }, val: 0 }
    const old = await run(task({ rows: few }))
    const [pcmc, xbt] = [parseLoss('pcmc'), parseAdded('3*xbt')]
    const free = await run(task({}, { seed: 5, terms: [pcmc] }))
    const compatible = await run(
      task({ teacher: old }, { seed: 5, epochs: 60, terms: [pcmc, xbt] }),
    )
    const [before, other, after] = [await testOf(old), await testOf(free), await testOf(compatible)]
    const mean = (queries: typeof before, gallery: typeof before): number =>
      (firstHits(queries.photo!, gallery.text!) + firstHits(queries.text!, gallery.photo!)) / 2
    const [self, cross, foreign] = [before, after, other].map(made => mean(made, before))
    t.ok(self! > 10, `the old model by itself: ${self}, by chance 2.5`)
    t.ok(cross! >= self!, `new queries: ${cross}`)
    t.ok(foreign! < self! / 2, `queries of a model in a space of its own: ${foreign}`)
  },
)

t.test('terms that compare with another model are refused where it says nothing', async t => {
  const terms = (text: string) => ({ terms: [parseLoss('pcmc'), parseAdded(text)] })
  const stranger = modelOf([modality('voice', 'linear')])
  await rejected(
    t,
    run(task({ teacher: stranger }, terms('dbl'))),
    Exit.usage,
    /dbl: the teacher has heads for voice; expected both of a pair of photo\+text/,
  )
  const photo = modelOf([{ ...modality('photo', 'linear'), input: 6 }])
  await rejected(t, run(task({ teacher: photo }, terms('mod-x'))), Exit.usage, /both of a pair/)
  await rejected(
    t,
    run(task({ teacher: photo }, terms('xbt'))),
    Exit.usage,
    /xbt: the teacher has 4 dimensions, --dim is 5/,
  )
  const narrow = modelOf([modality('photo', 'linear'), modality('text', 'linear')])
  await rejected(
    t,
    run(task({ teacher: narrow }, terms('dbl'))),
    Exit.badData,
    /vectors of 6 numbers, the model expects 3/,
  )
})
