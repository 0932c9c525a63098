import t from 'tap'
import { detach } from '../../lib/engine/ops/detach.js'
import { innerGradients } from '../../lib/engine/ops/inner-gradients.js'
import { unitRows } from '../../lib/engine/ops/unit-rows.js'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import { compare } from './agree.js'
import { both, compute } from './compute.js'

t.teardown(async () => await both().onnx.dispose())

const x = { shape: [3], values: Float32Array.of(1, -2, 3) }

/** Runs on both engines and gives what they agree on. */
async function agreed(
  given: { shape: number[]; values: Float32Array },
  step: (x: Tensor) => Record<string, Tensor>,
): Promise<Record<string, number[]>> {
  const { js, onnx } = both()
  const [expected, found] = [
    await compute(js, { x: given }, ({ x }) => step(x!)),
    await compute(onnx, { x: given }, ({ x }) => step(x!)),
  ]
  for (const [name, numbers] of Object.entries(expected))
    t.equal(compare(found[name]!, numbers), undefined, name)
  return Object.fromEntries(Object.entries(found).map(([name, y]) => [name, [...y]]))
}

t.test('what is detached has its value and no slope, comparisons and all', async t => {
  const { value, slope } = await agreed(x, x => {
    const f = (x: Tensor): Tensor =>
      tf.sum(
        tf.mul(
          x,
          detach(x => tf.cast(tf.greater(x, 0), 'float32'), x),
        ),
      )
    const { value, grad } = tf.valueAndGrad(f as never)(x)
    return { value, slope: grad }
  })
  t.same(value, [4])
  t.same(slope, [1, 0, 1], 'the mask is a number like any other')
})

t.test('a gradient within a gradient leaves the outer one whole', async t => {
  const { slope } = await agreed(x, x => {
    const cube = (x: Tensor): Tensor =>
      tf.customGrad((x: unknown, save: unknown) => {
        ;(save as (tensors: Tensor[]) => void)([x as Tensor])
        const inner = (y: Tensor): Tensor => tf.sum(tf.mul(y, tf.square(y)))
        return {
          value: inner(x as Tensor),
          gradFunc: (dy: Tensor, [saved]: Tensor[]) => innerGradients(inner, [saved!], dy)[0]!,
        }
      })(x)
    return { slope: tf.grad((x: Tensor) => tf.add(cube(tf.mul(x, 2)), tf.sum(x)))(x) }
  })
  t.same(
    slope,
    [1, -2, 3].map(x => 2 * 3 * (2 * x) ** 2 + 1),
  )
})

t.test('rows of any size become units; a row of zeros stays one, with a finite slope', async t => {
  const values = Float32Array.of(3, 4, 3e-10, 4e-10, 3e15, 4e15, 0, 0)
  const { units, slope } = await agreed({ shape: [4, 2], values }, x => ({
    units: unitRows(x),
    slope: tf.grad((x: Tensor) => tf.sum(unitRows(x)))(x),
  }))
  for (let r = 0; r < 3; r++) {
    t.ok(Math.abs(units![2 * r]! - 0.6) < 1e-6, `row ${r}`)
    t.ok(Math.abs(units![2 * r + 1]! - 0.8) < 1e-6, `row ${r}`)
  }
  t.same(units!.slice(6), [0, 0])
  t.ok(slope!.every(Number.isFinite))
})
