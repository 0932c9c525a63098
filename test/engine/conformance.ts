import type { Test } from 'tap'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import { jsEngine } from '../../lib/engine/js-engine.js'
import type { Engine, Program } from '../../lib/engine/types.js'
import { differenceOf } from '../gpu-check/difference.js'
import { runWork } from '../gpu-check/run-work.js'
import { workOf } from '../gpu-check/work.js'

/** What every engine that executes eagerly must keep to. */
export async function conforms(t: Test, engine: Engine): Promise<void> {
  await t.test('training and embedding give the numbers of the reference', t => trains(t, engine))
  await t.test('state changes where a step says so, and only there', t => changes(t, engine))
  await t.test('state does not follow a buffer that the caller fills again', t => keeps(t, engine))
  await t.test('a step that fails leaves the state as it was', t => survives(t, engine))
  await t.test('no tensor is left behind by a step', t => leavesNothing(t, engine))
  await t.test('outputs are written where the caller wants them', t => writes(t, engine))
  await t.test('two engines in turns do not disturb each other', t => takesTurns(t, engine))
}

const SIZE = {
  items: 24,
  batch: 8,
  features: { photo: 12, sound: 7 },
  categories: 4,
  dim: 6,
  epochs: 2,
}

async function trains(t: Test, engine: Engine): Promise<void> {
  for (const loss of ['pcmc', 'pcmr'] as const) {
    const work = workOf(loss, SIZE)
    const expected = await runWork(jsEngine(), work)
    const { losses } = expected
    t.ok(losses.at(-1)! < losses[0]!, `${loss}: the reference learns`)
    const off = differenceOf(await runWork(engine, work), expected)
    t.ok(off.loss < 1e-4, `${loss}: losses, largest difference ${off.loss}`)
    t.ok(off.learned < 1e-4, `${loss}: parameters, largest difference ${off.learned}`)
    t.ok(off.embeddings < 1e-4, `${loss}: embeddings, largest difference ${off.embeddings}`)
  }
}

/** Moves the counter on, and the ring by one place, which the caller's numbers enter. */
const ring: Program = {
  name: 'ring',
  inputs: { entry: { shape: [2], dtype: 'float32' } },
  step: ({ state, inputs }) => ({
    state: {
      count: tf.add(state.count!, tf.scalar(1, 'int32')),
      ring: tf.concat([tf.slice(state.ring!, [1, 0], [2, 2]), tf.expandDims(inputs.entry!, 0)]),
    },
    outputs: { sum: tf.sum(tf.mul(state.ring!, state.weight!)), count: state.count! },
  }),
}

const ringState = () => ({
  count: { shape: [], values: Int32Array.of(5) },
  ring: { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  weight: { shape: [2], values: Float32Array.of(10, 1) },
})

async function writes(t: Test, engine: Engine): Promise<void> {
  const state = engine.state(ringState())
  const compiled = await engine.compile(ring, state)
  const sum = new Float32Array(1)
  const made = await compiled.run({ entry: Float32Array.of(7, 8) }, { sum })
  t.same(sum, Float32Array.of(102))
  t.equal(made.sum, sum)
  t.same(made.count, Int32Array.of(5))
  compiled.dispose()
  state.dispose()
}

async function changes(t: Test, engine: Engine): Promise<void> {
  const state = engine.state(ringState())
  const compiled = await engine.compile(ring, state)
  const first = await compiled.run({ entry: Float32Array.of(7, 8) })
  t.same(first, { sum: Float32Array.of(102), count: Int32Array.of(5) }, 'outputs, int32 included')
  t.same(await state.read('ring'), Float32Array.of(3, 4, 5, 6, 7, 8))
  t.same(await state.read('count'), Int32Array.of(6))
  t.same(await state.read('weight'), Float32Array.of(10, 1), 'what no step names stays')
  state.write('weight', Float32Array.of(0, 1))
  const second = await compiled.run({ entry: Float32Array.of(0, 0) })
  t.same(second, { sum: Float32Array.of(18), count: Int32Array.of(6) }, 'what is written is used')
  const read = await state.read('ring')
  read.fill(9)
  t.same(await state.read('ring'), Float32Array.of(5, 6, 7, 8, 0, 0), 'what is read is a copy')
  compiled.dispose()
  state.dispose()
}

async function keeps(t: Test, engine: Engine): Promise<void> {
  const given = Float32Array.of(1, 2, 3, 4)
  const state = engine.state({ kept: { shape: [4], values: given } })
  const keep: Program = {
    name: 'keep',
    inputs: { x: { shape: [4], dtype: 'float32' } },
    step: ({ inputs }) => ({ state: { kept: inputs.x! }, outputs: {} }),
  }
  const compiled = await engine.compile(keep, state)
  given.fill(0)
  t.same(await state.read('kept'), Float32Array.of(1, 2, 3, 4), 'the start')
  const x = Float32Array.of(5, 6, 7, 8)
  await compiled.run({ x })
  x.fill(0)
  t.same(await state.read('kept'), Float32Array.of(5, 6, 7, 8), 'an input')
  compiled.dispose()
  state.dispose()
}

async function survives(t: Test, engine: Engine): Promise<void> {
  const state = engine.state(ringState())
  const tensors = tf.memory().numTensors
  const compiled = await engine.compile(
    {
      ...ring,
      step: given => {
        ring.step(given)
        throw new Error('of the step')
      },
    },
    state,
  )
  await t.rejects(compiled.run({ entry: Float32Array.of(7, 8) }), { message: 'of the step' })
  t.same(await state.read('ring'), Float32Array.of(1, 2, 3, 4, 5, 6))
  t.equal(tf.memory().numTensors, tensors, 'and no tensor behind')
  compiled.dispose()
  state.dispose()
}

async function leavesNothing(t: Test, engine: Engine): Promise<void> {
  const before = tf.memory()
  const seen = new Set<string>()
  const work = workOf('pcmc', { ...SIZE, epochs: 1 })
  const counting: Engine = {
    ...engine,
    compile: async (program, state) => {
      const compiled = await engine.compile(program, state)
      const run: typeof compiled.run = async inputs => {
        const made = await compiled.run(inputs)
        const { numTensors, numDataBuffers } = tf.memory()
        seen.add(`${numTensors} tensors, ${numDataBuffers} buffers`)
        return made
      }
      return { run, dispose: () => compiled.dispose() }
    },
  }
  await runWork(counting, work)
  t.equal(seen.size, 1, [...seen].join('; '))
  const after = tf.memory()
  t.equal(after.numTensors, before.numTensors, 'tensors')
  t.equal(after.numDataBuffers, before.numDataBuffers, 'buffers')
}

async function takesTurns(t: Test, engine: Engine): Promise<void> {
  const program: Program = {
    name: 'square',
    inputs: { x: { shape: [1100], dtype: 'float32' } },
    step: ({ state, inputs }) => {
      const x = tf.add(tf.square(inputs.x!), state.shift!) as Tensor
      return { state: { shift: tf.mul(state.shift!, 2) }, outputs: { x } }
    },
  }
  const engines = [engine, jsEngine()]
  const made = engines.map(each => each.state({ shift: { shape: [], values: Float32Array.of(1) } }))
  const compiled = await Promise.all(engines.map((each, i) => each.compile(program, made[i]!)))
  const x = Float32Array.from({ length: 1100 }, (_, i) => i % 8)
  for (const shift of [1, 2, 4]) {
    const results = await Promise.all(compiled.map(each => each.run({ x })))
    for (const result of results)
      t.same(
        result.x,
        x.map(v => v * v + shift),
      )
  }
  compiled.forEach(each => each.dispose())
  made.forEach(each => each.dispose())
}
