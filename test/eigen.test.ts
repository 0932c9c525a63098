import { Matrix } from 'ml-matrix'
import t from 'tap'
import { eigen } from '../lib/eigen.js'

t.test('by hand: largest first, at norm 1, the largest number of a vector positive', async t => {
  const { values, vectors } = eigen(
    new Matrix([
      [2, -1],
      [-1, 2],
    ]),
  )
  const rounded = (list: number[]) => list.map(x => Math.round(x * 1e12) / 1e12)
  t.same(rounded(values), [3, 1])
  t.same(rounded(vectors[1]!), rounded([Math.SQRT1_2, Math.SQRT1_2]))
  t.ok(Math.max(...vectors[0]!) > 0)
})

t.test("the path graph's Laplacian has 2 - 2 cos(pi k / n), in any coordinates", async t => {
  const n = 40
  const path = Matrix.from1DArray(
    n,
    n,
    Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n]
      return i === j ? (i === 0 || i === n - 1 ? 1 : 2) : Math.abs(i - j) === 1 ? -1 : 0
    }),
  )
  // A reflection, so that no row is sparse.
  const v = Matrix.columnVector(Array.from({ length: n }, (_, i) => Math.sin(i + 1)))
  const reflect = Matrix.eye(n).sub(v.mmul(v.transpose()).mul(2 / v.transpose().mmul(v).get(0, 0)))
  const turned = reflect.mmul(path).mmul(reflect)
  const { values, vectors } = eigen(turned)
  values
    .toReversed()
    .forEach((value, k) => t.ok(Math.abs(value - (2 - 2 * Math.cos((Math.PI * k) / n))) < 1e-10))
  vectors.forEach((vector, k) => {
    const column = Matrix.columnVector(vector)
    const rest = turned.mmul(column).sub(Matrix.mul(column, values[k]!))
    if (rest.norm() > 1e-10) t.fail(`vector ${k}: ${rest.norm()}`)
  })
})
