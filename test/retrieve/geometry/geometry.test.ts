import t from 'tap'
import { effectiveRank, geometry, uniformity } from '../../../lib/retrieve/geometry/geometry.js'
import { relate } from '../../../lib/retrieve/relation.js'
import { unit, vectors } from '../vectors.js'

const near = (a: number | null, b: number, by = 1e-6) => a !== null && Math.abs(a - b) < by
const rows = (list: number[][]) => list.map(row => Float64Array.from(row))

t.test('gap and alignment have the check values of METHODS 7', async t => {
  const u = vectors([[1, 0], [0, 1], unit([1, 1])])
  const v = vectors([unit([1, 0.2]), unit([0.3, 1]), unit([1, 0.8])])
  const keys = Int32Array.from([0, 1, 2])
  const found = geometry(u, v, relate(keys, keys), 0)
  t.ok(near(found.alignment, 0.04514, 1e-6), `${found.alignment}`)
  const mean = (list: typeof u, i: number) =>
    (list.values[i]! + list.values[2 + i]! + list.values[4 + i]!) / 3
  t.ok(near(found.gap, Math.hypot(mean(u, 0) - mean(v, 0), mean(u, 1) - mean(v, 1))))
  t.equal(geometry(u, v, relate(keys, Int32Array.from([7, 8, 9])), 0).alignment, null)
})

t.test('uniformity is over pairs without the diagonal', async t => {
  t.equal(uniformity(rows([[1, 0]])), null)
  t.ok(
    near(
      uniformity(
        rows([
          [1, 0],
          [-1, 0],
        ]),
      ),
      -8,
    ),
  )
  t.ok(
    near(
      uniformity(
        rows([
          [1, 0],
          [1, 0],
          [0, 1],
        ]),
      ),
      Math.log((1 + 2 * Math.exp(-4)) / 3),
    ),
  )
})

t.test('effective rank: one line has 1, equal axes have the dimension', async t => {
  t.ok(
    near(
      effectiveRank(
        rows([
          [1, 0, 0],
          [1, 0, 0],
          [-1, 0, 0],
        ]),
      ),
      1,
    ),
  )
  t.ok(
    near(
      effectiveRank(
        rows([
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
          [-1, 0, 0],
          [0, -1, 0],
          [0, 0, -1],
        ]),
      ),
      3,
    ),
  )
  t.ok(
    near(
      effectiveRank(
        rows([
          [1, 0, 0],
          [0, 1, 0],
        ]),
      ),
      2,
    ),
    'fewer vectors than dimensions',
  )
})

t.test('a gap is told apart, one cloud is not', async t => {
  const cloud = (shift: number, from: number) =>
    vectors(
      Array.from({ length: 300 }, (_, i) =>
        unit([
          shift,
          Math.sin((i + from) * 12.9898),
          Math.sin((i + from) * 78.233),
          Math.cos((i + from) * 3.7),
        ]),
      ),
    )
  const none = relate(new Int32Array(300).fill(-1), new Int32Array(300).fill(-1))
  t.equal(geometry(cloud(1, 0), cloud(-1, 500), none, 0).separability, 1)
  const same = geometry(cloud(0.5, 0), cloud(0.5, 500), none, 0).separability!
  t.ok(same > 0.3 && same < 0.7, `${same}`)
})
