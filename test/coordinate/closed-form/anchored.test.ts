import { Matrix, solve } from 'ml-matrix'
import t from 'tap'
import { procrustesMaps, ridgeMaps } from '../../../lib/coordinate/closed-form/anchored.js'
import { common, type View } from '../../../lib/coordinate/closed-form/views.js'
import { reals } from '../../engine/numbers.js'

const ROWS = 60
const viewFrom = (matrix: Matrix): View => ({
  dim: matrix.columns,
  values: Float64Array.from(matrix.to1DArray()),
  present: new Uint8Array(matrix.rows).fill(1),
})
const random = (rows: number, columns: number, seed: number): Matrix =>
  Matrix.from1DArray(rows, columns, Array.from(reals(rows * columns, seed)))
const gram = (m: Matrix): Matrix => m.mmul(m.transpose())
const apart = (a: Matrix, b: Matrix): number =>
  Math.max(...Matrix.sub(a, b).to1DArray().map(Math.abs))
const pairs = [{ a: 'text', b: 'photo', weight: 1 }]
const angle = 0.7
const rotation = new Matrix([
  [Math.cos(angle), -Math.sin(angle), 0],
  [Math.sin(angle), Math.cos(angle), 0],
  [0, 0, -1],
])

t.test('procrustes undoes a rotation with a reflection', t => {
  const text = random(ROWS, 3, 1)
  const photo = text.mmul(rotation)
  const views = { photo: viewFrom(photo), text: viewFrom(text) }
  const maps = procrustesMaps(views, pairs, { dim: 99 })
  t.ok(apart(photo.mmul(maps.photo!), text.mmul(maps.text!)) < 1e-9)
  t.end()
})

t.test('procrustes keeps the cosines within each modality, of unequal widths too', t => {
  const [text, photo] = [random(ROWS, 3, 1), random(ROWS, 5, 2)]
  for (const wanted of [pairs, [{ a: 'photo', b: 'text', weight: 1 }]]) {
    const views = { photo: viewFrom(photo), text: viewFrom(text) }
    const maps = procrustesMaps(views, wanted, { dim: 99 })
    t.same([maps.photo!.columns, maps.text!.columns], [5, 5])
    t.ok(apart(gram(photo.mmul(maps.photo!)), gram(photo)) < 1e-9)
    t.ok(apart(gram(text.mmul(maps.text!)), gram(text)) < 1e-9)
  }
  t.end()
})

t.test('no rotation brings the modalities nearer than the one of procrustes', t => {
  const text = random(ROWS, 2, 3)
  const photo = random(ROWS, 2, 4).add(text)
  const maps = procrustesMaps({ photo: viewFrom(photo), text: viewFrom(text) }, pairs, { dim: 2 })
  const target = text.mmul(maps.text!)
  const distance = (map: Matrix): number => Matrix.sub(photo.mmul(map), target).norm()
  const best = distance(maps.photo!)
  for (let step = 0; step < 360; step++) {
    const [c, s] = [Math.cos((step * Math.PI) / 180), Math.sin((step * Math.PI) / 180)]
    for (const flip of [1, -1])
      t.ok(
        distance(
          new Matrix([
            [c, -s * flip],
            [s, c * flip],
          ]),
        ) >=
          best - 1e-9,
      )
  }
  t.end()
})

t.test('ridge is the least squares of the rows, and keeps the cosines of its target', t => {
  const [text, photo] = [random(ROWS, 3, 1), random(ROWS, 5, 2)]
  const views = { photo: viewFrom(photo), text: viewFrom(text) }
  for (const ridge of [0, 0.1]) {
    const maps = ridgeMaps(views, pairs, { dim: 99, ridge })
    t.ok(apart(gram(text.mmul(maps.text!)), gram(text)) < 1e-9)
    // The same fit as plain least squares of rows with the penalty as further rows.
    const square = photo.clone().pow(2).sum()
    const penalty = Math.sqrt((ridge * square) / 5)
    const rows = new Matrix([...photo.to2DArray(), ...Matrix.eye(5).mul(penalty).to2DArray()])
    const targets = new Matrix([...text.to2DArray(), ...Matrix.zeros(5, 3).to2DArray()])
    const wanted = solve(rows, targets, true).mmul(maps.text!)
    t.ok(apart(maps.photo!, wanted) < 1e-9, `ridge ${ridge}`)
  }
  t.end()
})

t.test('what is mapped in fewer dimensions is the principal components of the target', t => {
  const text = random(ROWS, 3, 1).mmul(Matrix.diag([1, 5, 2]))
  const views = { photo: viewFrom(random(ROWS, 5, 2)), text: viewFrom(text) }
  for (const maps of [
    ridgeMaps(views, pairs, { dim: 1, ridge: 0 }),
    procrustesMaps(views, pairs, { dim: 1 }),
  ]) {
    t.same([maps.photo!.columns, maps.text!.columns], [1, 1])
    t.ok(Math.abs(maps.text!.get(1, 0)) > 0.99, 'the widest of the three')
  }
  t.end()
})

t.test('only the rows that have both sides count', t => {
  const [text, photo] = [viewFrom(random(ROWS, 3, 1)), viewFrom(random(ROWS, 5, 2))]
  text.present[4] = 0
  photo.present[7] = 0
  const [x, y] = common(photo, text)
  t.same(x.present, y.present)
  t.equal(x.present.filter(Boolean).length, ROWS - 2)
  const fit = () => ridgeMaps({ photo, text }, pairs, { dim: 99, ridge: 0.01 }).photo!
  const before = fit()
  photo.values.fill(9, 4 * 5, 5 * 5)
  t.same(fit().to1DArray(), before.to1DArray(), 'a photo without its text changes nothing')
  t.end()
})
