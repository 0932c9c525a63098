import fc from 'fast-check'
import t from 'tap'
import { sparsemax } from '../../lib/engine/ops/sparsemax.js'
import { type Tensor2D, tf } from '../../lib/engine/tf.js'
import { differences } from './agree.js'
import { float, makeCase, seeds } from './arbitraries.js'
import { both, compute } from './compute.js'
import { reals } from './numbers.js'

t.teardown(async () => await both().onnx.dispose())

t.test('sparsemax of three numbers, by hand', async t => {
  const z = { shape: [2, 3], values: Float32Array.of(0.5, 0.2, -0.9, 7, 7, 7) }
  for (const opened of Object.values(both())) {
    const { found } = await compute(opened, { z }, x => ({ found: sparsemax(x.z as Tensor2D) }))
    const wanted = [0.65, 0.35, 0, 1 / 3, 1 / 3, 1 / 3]
    t.ok(
      wanted.every((x, i) => Math.abs(found![i]! - x) < 1e-6),
      opened.name,
    )
  }
})

t.test('it is a point of the simplex, and no other is nearer', async t => {
  const [rows, count] = [40, 6]
  const values = reals(rows * count, 3, -1, 1)
  const { found } = await compute(both().onnx, { z: { shape: [rows, count], values } }, x => ({
    found: sparsemax(x.z as Tensor2D),
  }))
  for (let r = 0; r < rows; r++) {
    const [z, p] = [values, found!].map(x => [...x.subarray(r * count, (r + 1) * count)]) as [
      number[],
      number[],
    ]
    t.ok(p.every(x => x >= 0) && Math.abs(p.reduce((a, b) => a + b) - 1) < 1e-5)
    // Optimality: what has weight exceeds its weight by one number, all else is below that number.
    const above = z.flatMap((x, i) => (p[i]! > 0 ? [x - p[i]!] : []))
    const level = above[0]!
    t.ok(above.every(x => Math.abs(x - level) < 1e-5))
    t.ok(z.every((x, i) => p[i]! > 0 || x <= level + 1e-5))
  }
})

t.test('engines agree on it and on its gradient', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 9 }),
      seeds,
      async (rows, count, seed) => {
        const one = makeCase('sparsemax', [float([rows, count], seed)], x =>
          tf.mul(sparsemax(x as Tensor2D), 3),
        )
        const complaints = await differences([one])
        if (complaints.length > 0) throw new Error(complaints.join('\n'))
      },
    ),
    { numRuns: 10, seed: 5 },
  )
  t.pass('10 shapes')
})
