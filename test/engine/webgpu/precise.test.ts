import t from 'tap'
import { jsEngine } from '../../../lib/engine/js-engine.js'
import type { Tensor } from '../../../lib/engine/tf.js'
import { cos, expm1, log1p, sin, tan } from '../../../lib/engine/webgpu/precise.js'
import { compute } from '../compute.js'

const both = (numbers: number[]): number[] => numbers.flatMap(x => [x, -x])

/** Function, the same in float64, and where it is asked. */
const FUNCTIONS: [string, (x: Tensor) => Tensor, (x: number) => number, number[]][] = [
  ['sin', sin, Math.sin, both([0, 1e-6, 0.1, 0.7, 0.8, 1.5, 2, 3, 3.2, 4, 5, 6, 7, 100, 3000])],
  ['cos', cos, Math.cos, both([0, 1e-6, 0.1, 0.7, 0.8, 1.5, 2, 3, 3.2, 4, 5, 6, 7, 100, 3000])],
  ['tan', tan, Math.tan, both([0, 1e-6, 0.1, 0.7, 0.8, 1.3, 2, 3, 3.2, 4, 6, 7])],
  ['expm1', expm1, Math.expm1, [...both([0, 1e-30, 1e-8, 1e-5, 0.01, 0.3, 0.49, 0.51, 2, 20]), 88]],
  ['log1p', log1p, Math.log1p, [...both([0, 1e-30, 1e-8, 1e-5, 0.01, 0.3, 0.36, 0.49, 0.51]), 1e9]],
]

for (const [name, made, exact, points] of FUNCTIONS)
  t.test(`${name} keeps seven digits`, async t => {
    const x = Float32Array.from(points)
    const given = { x: { shape: [x.length], values: x } }
    const { y } = await compute(jsEngine(), given, ({ x }) => ({ y: made(x!) }))
    for (const [i, at] of x.entries()) {
      const wanted = exact(at)
      const off = Math.abs(y![i]! - wanted)
      // Circular functions of large arguments lose what the argument lost.
      const allowed = 3e-7 * Math.abs(wanted) + (/sin|cos/.test(name) ? 2e-7 : 0)
      t.ok(off <= allowed, `${name}(${at}) = ${y![i]}, exactly ${wanted}`)
    }
  })

t.test('what has no number stays so', async t => {
  const x = Float32Array.of(NaN, -1, -2, Infinity, -Infinity)
  const given = { x: { shape: [5], values: x } }
  const found = await compute(jsEngine(), given, ({ x }) => ({
    log1p: log1p(x!),
    expm1: expm1(x!),
  }))
  t.same([...found.log1p!], [NaN, -Infinity, NaN, Infinity, NaN])
  t.same([...found.expm1!].map(Math.fround), [
    NaN,
    Math.fround(Math.expm1(-1)),
    Math.fround(Math.expm1(-2)),
    Infinity,
    -1,
  ])
})
