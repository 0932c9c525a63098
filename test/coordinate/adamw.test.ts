import t from 'tap'
import { adamw, adamwStep, clipFactor } from '../../lib/coordinate/adamw.js'
import { type Tensor1D, tf } from '../../lib/engine/tf.js'
import type { Tensors } from '../../lib/engine/types.js'
import { compare } from '../engine/agree.js'
import { both, compute } from '../engine/compute.js'
import { reals } from '../engine/numbers.js'

t.teardown(async () => await both().onnx.dispose())

/** AdamW as PyTorch's documentation states it, in float64. */
function reference(start: Float32Array, gradients: Float32Array[], rates: number[], decay: number) {
  const [w, m, v] = [Float64Array.from(start), start.map(() => 0), start.map(() => 0)] as const
  const [first, second] = [Float64Array.from(m), Float64Array.from(v)]
  gradients.forEach((gradient, step) => {
    const t = step + 1
    gradient.forEach((g, i) => {
      w[i]! *= 1 - rates[step]! * decay
      first[i] = 0.9 * first[i]! + 0.1 * g
      second[i] = 0.999 * second[i]! + 0.001 * g * g
      const mean = first[i]! / (1 - 0.9 ** t)
      const deviation = Math.sqrt(second[i]! / (1 - 0.999 ** t))
      w[i]! -= (rates[step]! * mean) / (deviation + 1e-8)
    })
  })
  return Float32Array.from(w)
}

const N = 6
const RATES = [1e-3, 3e-2, 1e-2, 5e-2, 2e-2, 1e-3, 1e-1]

t.test('steps of AdamW with decay and a rate that changes', async t => {
  const start = reals(N, 1)
  // Among the gradients: one that is always zero, one that is tiny.
  const gradients = RATES.map((_, i) =>
    reals(N, 5 + i).map((g, j) => g * [1, 10, 1e-6, 0, 1, 1][j]!),
  )
  const step = (inputs: Tensors): Tensors => {
    let moments = { weights: inputs.w!, first: tf.zeros([N]), second: tf.zeros([N]) } as Parameters<
      typeof adamw
    >[0]
    RATES.forEach((rate, i) => {
      const { keep, slope, epsilon } = adamwStep(i + 1, rate, 0.1)
      moments = adamw(moments, inputs[`g${i}`]!, {
        keep: tf.scalar(keep),
        slope: tf.scalar(slope),
        epsilon: tf.scalar(epsilon),
      })
    })
    return { w: moments.weights }
  }
  const given = Object.fromEntries([
    ['w', { shape: [N], values: start }],
    ...gradients.map((values, i) => [`g${i}`, { shape: [N], values }]),
  ]) as Parameters<typeof compute>[1]
  const wanted = reference(start, gradients, RATES, 0.1)
  for (const [name, engine] of Object.entries(both())) {
    const { w } = await compute(engine, given, step)
    t.equal(compare(w!, wanted), undefined, name)
    t.ok(
      Math.abs(w![3]! / start[3]! - RATES.reduce((x, r) => x * (1 - r * 0.1), 1)) < 1e-6,
      'decay',
    )
  }
})

t.test(
  'the first step moves every weight by the rate, whatever the size of its gradient',
  async t => {
    const { keep, slope, epsilon } = adamwStep(1, 0.01, 0)
    t.equal(keep, 1)
    for (const g of [1e-4, 1, 1e4])
      t.ok(Math.abs((g / (Math.sqrt(g * g) + epsilon)) * slope - 0.01) < 1e-5, `${g}`)
  },
)

t.test('gradients are shortened together, and only when they are too long', async t => {
  const factor = async (largest: number, ...gradients: number[][]): Promise<number> => {
    await tf.setBackend('cpu')
    const made = clipFactor(gradients.map(g => tf.tensor1d(g)) as Tensor1D[], largest)
    return (await made.data())[0]!
  }
  t.equal(await factor(10, [3, 0], [4]), 1)
  t.ok(Math.abs((await factor(1, [3, 0], [4])) - 0.2) < 1e-6, '5 becomes 1')
  t.equal(await factor(1, [0, 0], [0]), 1, 'no gradient at all')
})
