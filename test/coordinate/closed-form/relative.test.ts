import { Matrix } from 'ml-matrix'
import t from 'tap'
import { relativeMaps } from '../../../lib/coordinate/closed-form/relative.js'
import type { View } from '../../../lib/coordinate/closed-form/views.js'
import { reals } from '../../engine/numbers.js'

const ROWS = 20
const view = (dim: number, seed: number): View => ({
  dim,
  values: Float64Array.from(reals(ROWS * dim, seed)),
  present: new Uint8Array(ROWS).fill(1),
})

t.test('a row is told by its cosines with the anchors', t => {
  const maps = relativeMaps(
    {
      a: { dim: 2, values: Float64Array.of(3, 4, 0, 2), present: Uint8Array.of(1, 1) },
      b: { dim: 1, values: Float64Array.of(-5, 0), present: Uint8Array.of(1, 1) },
    },
    { dim: 9, seed: 0 },
  )
  t.same(maps.a!.to2DArray(), [
    [0.6, 0],
    [0.8, 1],
  ])
  t.same(maps.b!.to2DArray(), [[-1, 0]], 'a row of zeros is like nothing')
  t.end()
})

t.test('a rotated and scaled space is told alike', t => {
  const a = view(2, 1)
  const turned = new Matrix([
    [0, 3],
    [-3, 0],
  ])
  const x = Matrix.from1DArray(ROWS, 2, Array.from(a.values))
  const y = x.mmul(turned)
  const b: View = { ...a, values: Float64Array.from(y.to1DArray()) }
  const maps = relativeMaps({ a, b }, { dim: 8, seed: 3 })
  const [told, same] = [x.mmul(maps.a!), y.mmul(maps.b!).div(3)]
  t.ok(
    Matrix.sub(told, same)
      .to1DArray()
      .every(d => Math.abs(d) < 1e-12),
  )
  t.end()
})

t.test('anchors are rows that all modalities have, drawn by the seed', t => {
  const views = { a: view(4, 1), b: view(3, 2) }
  views.a.present.fill(0, 0, 5)
  views.b.present.fill(0, 15)
  const columns = (dim: number, seed: number) => relativeMaps(views, { dim, seed }).a!
  t.equal(columns(99, 0).columns, 10, 'all there are')
  t.equal(columns(4, 0).columns, 4)
  t.same(columns(4, 0), columns(4, 0))
  t.notSame(columns(4, 0).to1DArray(), columns(4, 1).to1DArray())
  views.b.present.fill(0)
  t.equal(columns(4, 0).columns, 0, 'none, where no row has all')
  t.end()
})
