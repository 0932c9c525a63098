import { openEngine } from '../../../lib/engine/open.js'
import { type Tensor2D, tf } from '../../../lib/engine/tf.js'
import type { Program } from '../../../lib/engine/types.js'
import { answer, given, timesOf } from './worker.js'

/** A large matrix product and a large copy on the engine, the best of several. */
const { threads, quick } = given<{ threads: number; quick: boolean }>()
const side = quick ? 256 : 2048
const length = quick ? 1 << 20 : 1 << 26
const TIMES = 10

const engine = await openEngine({ device: 'cpu', threads })

const best = async (program: Program, state: Record<string, number[]>): Promise<number> => {
  const held = engine.state(
    Object.fromEntries(
      Object.entries(state).map(([name, shape]) => {
        const values = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5)
        return [name, { shape, values }]
      }),
    ),
  )
  const compiled = await engine.compile(program, held)
  const times = await timesOf(TIMES, () => compiled.run({}))
  compiled.dispose()
  held.dispose()
  return Math.min(...times)
}

// Results stay in the state, whose memory is reused: fresh memory would be measured otherwise.
const product = await best(
  {
    name: 'product',
    inputs: {},
    step: ({ state }) => ({
      state: { c: tf.matMul(state['a'] as Tensor2D, state['b'] as Tensor2D) },
      outputs: {},
    }),
  },
  { a: [side, side], b: [side, side], c: [side, side] },
)
const copy = await best(
  {
    name: 'copy',
    inputs: {},
    step: ({ state }) => ({ state: { x: tf.add(state['x']!, 1) }, outputs: {} }),
  },
  { x: [length] },
)
answer({ gflops: (2 * side ** 3) / product / 1e6, gigabytes: (2 * 4 * length) / copy / 1e6 })
