import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { adamwStep } from '../../lib/coordinate/adamw.js'
import { emptyValues, layoutOf } from '../../lib/coordinate/layout.js'
import { parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import { pairName } from '../../lib/coordinate/losses/loss.js'
import { learningRate } from '../../lib/coordinate/schedule.js'
import { Input, type Relations, stepProgram } from '../../lib/coordinate/step.js'
import { stateOf } from '../../lib/coordinate/trainer.js'
import type { Engine, Numbers } from '../../lib/engine/types.js'
import { compare } from '../engine/agree.js'
import { both } from '../engine/compute.js'
import { root } from '../sandbox.js'
import { settingsOf, smallHead } from './settings.js'

/** A hundred steps made by PyTorch in float64: test/crosscheck/trajectory.py. */
interface Trajectory {
  dim: number
  categories: number
  settings: { rate: number; decay: number; clip: number; warmup: number; scale: number }
  photo: number[]
  text: number[]
  class: number[]
  ids: number[]
  present: Record<string, number[]>
  batches: number[][]
  start: Record<string, number[]>
  runs: Run[]
}

interface Run {
  loss: string
  /** Steps in which the gradient was longer than allowed. */
  clipped: number
  losses: number[]
  logScale: number
  final: Record<string, number[]>
}

t.teardown(async () => await both().onnx.dispose())

const made = JSON.parse(
  readFileSync(join(root, 'fixtures', 'reference', 'trajectory.json'), 'utf8'),
) as Trajectory

const STEPS = made.batches.length
const BATCH = made.batches[0]!.length
const PAIRS = [
  { a: 'photo', b: 'text', weight: 1 },
  { a: 'photo', b: 'class', weight: 1 },
  { a: 'text', b: 'class', weight: 1 },
]

const layout = layoutOf([
  smallHead('photo', 'residual-mlp', { input: 5, output: made.dim }),
  smallHead('text', 'linear', { input: 4, output: made.dim }),
  smallHead('class', 'embedding', { input: made.categories, output: made.dim }),
])

const relations: Relations = {
  grouping: ({ a, b }) => (a === 'photo' && b === 'text' ? 'id' : 'class'),
  shared: new Set(['id', 'class']),
  incomplete: new Set(PAIRS.map(pairName)),
  lacking: new Set(['photo', 'text']),
}

function inputsOf(rows: number[]): Record<string, Numbers> {
  const of = (values: number[], dim: number): Float32Array =>
    Float32Array.from(rows.flatMap(r => values.slice(r * dim, (r + 1) * dim)))
  const here = (pair: { a: string; b: string }): Float32Array =>
    Float32Array.from(rows, r => made.present[pair.a]![r]! & made.present[pair.b]![r]!)
  return {
    [Input.feature('photo')]: of(made.photo, 5),
    [Input.feature('text')]: of(made.text, 4),
    [Input.feature('class')]: Int32Array.from(rows, r => made.class[r]!),
    [Input.groups('id')]: Int32Array.from(rows, r => made.ids[r]!),
    [Input.groups('class')]: Int32Array.from(rows, r => made.class[r]!),
    ...Object.fromEntries(PAIRS.map(pair => [Input.present(pair), here(pair)])),
  }
}

/** Repeats a run: its losses, its last weights and its last log scale. */
async function repeat(engine: Engine, { loss: name }: Run): Promise<Omit<Run, 'loss' | 'clipped'>> {
  const { rate, decay, clip, warmup, scale } = made.settings
  const settings = settingsOf({
    terms: [parseLoss(name)],
    pairs: PAIRS,
    dim: made.dim,
    decay,
    clip,
  })
  const values = emptyValues(layout)
  for (const { path, group, offset } of layout.slots) values[group].set(made.start[path]!, offset)
  const state = engine.state(
    stateOf(layout, { values, logScale: Float32Array.of(Math.log(scale)) }),
  )
  const step = await engine.compile(
    stepProgram({ layout, settings, relations, batch: BATCH }),
    state,
  )
  const losses: number[] = []
  for (const [t, rows] of made.batches.entries()) {
    const now = adamwStep(t + 1, learningRate(t, STEPS, { rate, warmup }), decay)
    const scalars = Object.entries(now).map(([name, x]) => [name, Float32Array.of(x as number)])
    const { loss } = await step.run({ ...inputsOf(rows), ...Object.fromEntries(scalars) })
    losses.push(loss![0]!)
  }
  const final: Record<string, number[]> = {}
  for (const { path, group, offset, size } of layout.slots)
    final[path] = [...(await state.read(group)).subarray(offset, offset + size)]
  const logScale = (await state.read('scale'))[0]!
  step.dispose()
  state.dispose()
  return { losses, final, logScale }
}

async function follows(t: Test, engine: Engine, run: Run): Promise<void> {
  const found = await repeat(engine, run)
  const same = (what: string, a: number[], b: number[]): void => {
    t.equal(compare(Float32Array.from(a), Float32Array.from(b)), undefined, what)
  }
  same(`${run.loss}: loss of every step`, found.losses, run.losses)
  for (const [path, numbers] of Object.entries(run.final))
    same(`${run.loss}: ${path}`, found.final[path]!, numbers)
  same(`${run.loss}: log scale`, [found.logScale], [run.logScale])
}

t.test('a hundred steps go where PyTorch goes', async t => {
  t.equal(STEPS, 100)
  for (const run of made.runs) {
    t.ok(run.clipped > 5 && run.clipped < 95, `${run.loss}: clipping bites in some steps`)
    for (const engine of Object.values(both())) await follows(t, engine, run)
  }
})
