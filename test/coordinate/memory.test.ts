import t from 'tap'
import { parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import { memoryState, queueLength, remember } from '../../lib/coordinate/memory.js'
import { Input } from '../../lib/coordinate/step.js'
import type { Program } from '../../lib/engine/types.js'
import { both } from '../engine/compute.js'
import { reals } from '../engine/numbers.js'
import { layoutOfKinds, settingsOf } from './settings.js'

t.teardown(async () => await both().onnx.dispose())

const [BATCH, QUEUE, DIM] = [2, 4, 4]

t.test(
  'queues hold whole batches, and no more than the data has (METHODS 5, pitfall 4)',
  async t => {
    t.equal(queueLength(8192, 1000, 128), 896)
    t.equal(queueLength(300, 1000, 128), 256)
    t.equal(queueLength(0, 1000, 128), 0)
    t.equal(queueLength(100, 1000, 128), 0)
  },
)

t.test('first in, first out; momentum heads follow by their share', async t => {
  const layout = layoutOfKinds({ photo: 'linear', text: 'linear' })
  const settings = settingsOf({ terms: [parseLoss('itc')], momentum: 0.75 })
  const options = {
    ...{ layout, settings, batch: BATCH },
    relations: {
      grouping: () => 'id',
      shared: new Set(['id']),
      incomplete: new Set<string>(),
      lacking: new Set<string>(['text']),
    },
  }
  const values = {
    decayed: new Float32Array(layout.sizes.decayed).fill(0.5),
    plain: new Float32Array(layout.sizes.plain).fill(0.25),
    frozen: new Float32Array(0),
  }
  const learned = { values, logScale: new Float32Array(1) }
  const moved = new Float32Array(layout.sizes.decayed).fill(0.9)
  const program: Program = {
    name: 'a memory',
    inputs: {
      [Input.feature('photo')]: { shape: [BATCH, 3], dtype: 'float32' },
      [Input.feature('text')]: { shape: [BATCH, 3], dtype: 'float32' },
      [Input.has('text')]: { shape: [BATCH], dtype: 'float32' },
      [Input.groups('id')]: { shape: [BATCH], dtype: 'int32' },
    },
    step({ state, inputs }) {
      const { memory, next } = remember(options, state, inputs)
      const { units, has } = memory.candidates('text')
      return { state: next, outputs: { units, has, groups: memory.groups('id') } }
    },
  }
  for (const engine of Object.values(both())) {
    const state = engine.state({
      decayed: { shape: [layout.sizes.decayed], values: moved },
      plain: { shape: [layout.sizes.plain], values: values.plain },
      ...memoryState(layout, learned, QUEUE, ['id']),
    })
    const compiled = await engine.compile(program, state)
    const steps = []
    for (let step = 0; step < 4; step++)
      steps.push(
        await compiled.run({
          [Input.feature('photo')]: reals(BATCH * 3, step),
          [Input.feature('text')]: reals(BATCH * 3, 10 + step),
          [Input.has('text')]: Float32Array.of(1, step % 2),
          [Input.groups('id')]: Int32Array.of(2 * step, 2 * step + 1),
        }),
      )
    const groups = steps.map(({ groups }) => [...groups!])
    t.same(groups[0], [0, 1, -1, -1, -1, -1], `${engine.name}: nothing is behind the first batch`)
    t.same(groups[1], [2, 3, 0, 1, -1, -1])
    t.same(groups[3], [6, 7, 4, 5, 2, 3], 'the oldest batch has left')
    t.same([...steps[0]!.has!], [1, 0, 0, 0, 0, 0], 'and an empty slot is no row')
    t.same([...steps[3]!.has!], [1, 1, 1, 0, 1, 1])
    const then = steps[1]!.units!.subarray(0, BATCH * DIM)
    t.same(
      steps[3]!.units!.subarray(2 * BATCH * DIM, 3 * BATCH * DIM),
      then,
      'rows stay as they were',
    )
    const weight = (await state.read('momentum/decayed'))[0]!
    t.ok(Math.abs(weight - (0.9 - 0.4 * 0.75 ** 4)) < 1e-6, `${engine.name}: ${weight}`)
    compiled.dispose()
    state.dispose()
  }
})
