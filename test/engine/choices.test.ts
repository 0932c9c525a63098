import t from 'tap'
import { largest } from '../../lib/engine/ops/largest.js'
import { takeRows } from '../../lib/engine/ops/take-rows.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../lib/engine/tf.js'
import { both, compute } from './compute.js'

t.teardown(async () => await both().onnx.dispose())

t.test('the gradient of the largest is shared among equals', async t => {
  const inputs = { x: { shape: [2, 3], values: Float32Array.of(5, 5, 1, 0, 2, 1) } }
  for (const opened of Object.values(both())) {
    const found = await compute(opened, inputs, ({ x }) => {
      const made = tf.valueAndGrads(((x: Tensor) => tf.sum(largest(x, 1))) as never)([x!])
      return { value: made.value, slope: made.grads[0]! }
    })
    t.same([...found.value!], [7])
    t.same([...found.slope!], [0.5, 0.5, 0, 0, 1, 0], opened.name)
  }
})

t.test('rows taken twice learn twice, and the choice learns nothing', async t => {
  const inputs = {
    x: { shape: [3, 2, 1], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
    rows: { shape: [3], values: Float32Array.of(2, 0, 2) },
  }
  for (const opened of Object.values(both())) {
    const found = await compute(opened, inputs, ({ x, rows }) => {
      const f = (x: Tensor, rows: Tensor) => tf.sum(tf.square(takeRows(x, rows as Tensor1D)))
      const made = tf.valueAndGrads(f as never)([x!, rows!])
      return {
        taken: takeRows(x as Tensor2D, rows as Tensor1D),
        dx: made.grads[0]!,
        dr: made.grads[1]!,
      }
    })
    t.same([...found.taken!], [5, 6, 1, 2, 5, 6])
    t.same([...found.dx!], [2, 4, 0, 0, 20, 24], opened.name)
    t.same([...found.dr!], [0, 0, 0])
  }
})
