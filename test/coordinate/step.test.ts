import t from 'tap'
import { adamwStep } from '../../lib/coordinate/adamw.js'
import { initialValues, type Layout, layoutOf } from '../../lib/coordinate/layout.js'
import { parseAdded, parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import type { TrainSettings } from '../../lib/coordinate/settings.js'
import { Input, type Relations, stepProgram } from '../../lib/coordinate/step.js'
import { stateOf } from '../../lib/coordinate/trainer.js'
import type { Compiled, Numbers, State } from '../../lib/engine/types.js'
import { both } from '../engine/compute.js'
import { reals } from '../engine/numbers.js'
import { settingsOf, smallHead } from './settings.js'

t.teardown(async () => await both().onnx.dispose())

const BATCH = 6
const NAMES = ['photo', 'text', 'voice']
const PAIRS = [
  { a: 'photo', b: 'text', weight: 1 },
  { a: 'photo', b: 'voice', weight: 1 },
  { a: 'text', b: 'voice', weight: 1 },
]

const complete: Relations = {
  grouping: () => 'id',
  shared: new Set(),
  incomplete: new Set(),
  lacking: new Set(),
}
const holes: Relations = {
  ...complete,
  incomplete: new Set(PAIRS.map(({ a, b }) => `${a}+${b}`)),
}

const features: Record<string, Numbers> = Object.fromEntries(
  NAMES.map((name, i) => [Input.feature(name), reals(BATCH * 3, i + 1)]),
)

const present = (...rows: number[][]): Record<string, Numbers> =>
  Object.fromEntries(PAIRS.map((pair, i) => [Input.present(pair), Float32Array.from(rows[i]!)]))

interface Opened {
  state: State
  /** Runs step t (from 1) and gives its loss. */
  step(t: number, inputs?: Record<string, Numbers>): Promise<number>
  /** The parameters of one modality, flat. */
  read(modality: string): Promise<number[]>
  scale(): Promise<number[]>
  close(): void
}

async function open(
  own: Partial<TrainSettings>,
  { relations = complete, layout = plainLayout(own.frozen), scales = 1 } = {},
): Promise<Opened> {
  const settings = settingsOf({ pairs: PAIRS, ...own })
  const logScale = new Float32Array(scales).fill(Math.log(settings.scale))
  const state = both().onnx.state(stateOf(layout, { values: initialValues(layout, 1), logScale }))
  const program = stepProgram({ layout, settings, relations, batch: BATCH })
  const compiled: Compiled = await both().onnx.compile(program, state)
  return {
    state,
    async step(at, inputs = {}) {
      const { keep, slope, epsilon } = adamwStep(at, settings.rate, settings.decay)
      const scalars = Object.entries({ keep, slope, epsilon }).map(
        ([name, x]) => [name, Float32Array.of(x)] as const,
      )
      const { loss } = await compiled.run({
        ...features,
        ...inputs,
        ...Object.fromEntries(scalars),
      })
      return loss![0]!
    },
    async read(modality) {
      const parts: number[] = []
      for (const { path, group, offset, size } of layout.slots)
        if (path.startsWith(`${modality}/`))
          parts.push(...(await state.read(group)).subarray(offset, offset + size))
      return parts
    },
    scale: async () => [...(await state.read('scale'))],
    close() {
      compiled.dispose()
      state.dispose()
    },
  }
}

const plainLayout = (frozen: ReadonlySet<string> = new Set()): Layout =>
  layoutOf(NAMES.map(name => smallHead(name, 'residual-mlp', { frozen: frozen.has(name) })))

const ALL = [1, 1, 1, 1, 1, 1]
const NONE = [0, 0, 0, 0, 0, 0]

t.test('a loss goes down', async t => {
  for (const loss of ['pcmc', 'pcmr'] as const) {
    const training = await open({ terms: [parseLoss(loss)], decay: 0 })
    const first = await training.step(1)
    let last = first
    for (let i = 2; i < 40; i++) last = await training.step(i)
    t.ok(last < first / 2, `${loss}: ${first} to ${last}`)
    training.close()
  }
})

t.test('frozen heads stay as they are, to the bit; the others learn', async t => {
  const training = await open({ frozen: new Set(['photo', 'text']) })
  const before = await Promise.all(NAMES.map(training.read))
  for (let i = 1; i < 6; i++) await training.step(i)
  const after = await Promise.all(NAMES.map(training.read))
  t.same(after[0], before[0], 'photo')
  t.same(after[1], before[1], 'text')
  t.ok(
    after[2]!.every((x, i) => x !== before[2]![i]),
    'every number of voice',
  )
  training.close()
})

t.test(
  'a batch in which nobody has a modality leaves its head alone, and no number is lost',
  async t => {
    for (const loss of ['pcmc', 'pcmr'] as const) {
      const training = await open({ terms: [parseLoss(loss)], decay: 0 }, { relations: holes })
      const before = await Promise.all(NAMES.map(training.read))
      const found = await training.step(1, {
        [Input.feature('voice')]: new Float32Array(BATCH * 3),
        ...present(ALL, NONE, NONE),
      })
      t.ok(Number.isFinite(found) && found > 0, `${loss} ${found}`)
      const after = await Promise.all(NAMES.map(training.read))
      t.same(after[2], before[2], 'voice stays')
      t.notSame(after[0], before[0], 'photo learns')
      t.equal(await training.step(2, present(NONE, NONE, NONE)), 0, 'nobody has anything')
      const last = await Promise.all(NAMES.map(training.read))
      t.ok(last.flat().every(Number.isFinite), 'and everything is finite')
      training.close()
    }
  },
)

t.test('the logit scale: shared, one a pair, or fixed', async t => {
  const shared = await open({ temperature: 'shared', scale: 10 })
  const perPair = await open({ temperature: 'per-pair', scale: 10 }, { scales: 3 })
  const fixed = await open({ temperature: 'fixed', scale: 10 })
  for (const training of [shared, perPair, fixed])
    for (let i = 1; i < 4; i++) await training.step(i)
  t.not((await shared.scale())[0], Math.fround(Math.log(10)), 'learned')
  t.equal(new Set(await perPair.scale()).size, 3, 'each its own')
  t.same(await fixed.scale(), [Math.fround(Math.log(10))], 'left alone')
  for (const training of [shared, perPair, fixed]) training.close()
})

t.test('scales of pairs are those of their own pair', async t => {
  const training = await open(
    { temperature: 'per-pair', scale: 10 },
    { scales: 3, relations: holes },
  )
  await training.step(1, present(ALL, NONE, NONE))
  const [first, ...others] = await training.scale()
  const start = Math.fround(Math.log(10))
  t.not(first, start)
  t.same(others, [start, start])
  training.close()
})

t.test('the logit scale stops at 100, whatever pushes it (METHODS 5, pitfall 3)', async t => {
  const training = await open({ scale: 99.9, rate: 5, clip: Infinity })
  for (let i = 1; i < 30; i++) t.ok(Number.isFinite(await training.step(i)))
  const [scale] = await training.scale()
  t.ok(scale! <= Math.fround(Math.log(100)), `${Math.exp(scale!)}`)
  t.ok((await Promise.all(NAMES.map(training.read))).flat().every(Number.isFinite))
  training.close()
})

t.test('decay shrinks matrices, and neither biases nor norms nor the scale', async t => {
  // Nobody has anything: no gradient, so that only decay moves what it moves.
  const training = await open({ decay: 0.5, rate: 0.1 }, { relations: holes })
  const layout = plainLayout()
  const start = initialValues(layout, 1)
  await training.step(1, present(NONE, NONE, NONE))
  const shrunk = await training.state.read('decayed')
  t.ok(shrunk.every((x, i) => Math.abs(x - start.decayed[i]! * 0.95) < 1e-7))
  t.same([...(await training.state.read('plain'))], [...start.plain])
  training.close()
})

t.test('what terms need beside embeddings costs nothing to those who do without', t => {
  const layout = plainLayout()
  const inputsOf = (...terms: string[]): string[] =>
    Object.keys(
      stepProgram({
        ...{ layout, relations: complete, batch: BATCH },
        settings: settingsOf({
          pairs: PAIRS,
          terms: [parseLoss('pcmc'), ...terms.map(parseAdded)],
        }),
      }).inputs,
    )
  const plain = ['keep', 'slope', 'epsilon', ...NAMES.map(Input.feature)]
  t.same(inputsOf(), plain)
  t.same(inputsOf('uniformity', 'alignment', 'cross-uniformity', 'filip'), plain)
  t.ok(inputsOf('mixup').length > plain.length, 'what is drawn is an input')
  const state = stateOf(layout, {
    values: initialValues(layout, 1),
    logScale: new Float32Array(1),
  })
  t.notOk(Object.keys(state).some(name => /momentum|queue|teacher/.test(name)))
  t.end()
})

t.test('step k does not depend on the steps before it but through the state', async t => {
  const one = await open({})
  const other = await open({})
  for (let i = 1; i < 4; i++) await one.step(i)
  for (const name of ['decayed', 'plain', 'scale'])
    for (const part of ['', '/m', '/v'])
      other.state.write(name + part, await one.state.read(name + part))
  t.equal(await other.step(4), await one.step(4))
  t.same(await Promise.all(NAMES.map(other.read)), await Promise.all(NAMES.map(one.read)))
  one.close()
  other.close()
})
