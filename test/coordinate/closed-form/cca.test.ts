import { Matrix } from 'ml-matrix'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cca } from '../../../lib/coordinate/closed-form/cca.js'
import { covariance } from '../../../lib/coordinate/closed-form/covariance.js'
import type { View } from '../../../lib/coordinate/closed-form/views.js'
import { root } from '../../sandbox.js'

interface Reference {
  rows: number
  ridge: number
  views: Record<string, { dim: number; values: number[] }>
  /** Canonical correlations of a and b. */
  pair: number[]
  /** Eigenvalues of all three, less 1. */
  triple: number[]
}

const reference = JSON.parse(
  readFileSync(join(root, 'fixtures', 'reference', 'cca.json'), 'utf8'),
) as Reference
const { rows, ridge } = reference

const views: Record<string, View> = Object.fromEntries(
  Object.entries(reference.views).map(([name, { dim, values }]) => [
    name,
    { dim, values: Float64Array.from(values), present: new Uint8Array(rows).fill(1) },
  ]),
)
const pair = (a: string, b: string) => ({ a, b, weight: 1 })
const two = { a: views.a!, b: views.b! }
const all = [pair('a', 'b'), pair('a', 'c'), pair('b', 'c')]
const near = (found: readonly number[], wanted: readonly number[]): boolean =>
  found.every((x, i) => Math.abs(x - wanted[i]!) < 1e-7)

t.test('two views share their canonical correlations, three the eigenvalues of SciPy', t => {
  const options = { dim: 99, ridge, power: 0 }
  const { shared } = cca(two, [pair('a', 'b')], options)
  t.equal(shared.length, 4, 'no more than the smaller view has')
  t.ok(near(shared, reference.pair))
  const three = cca(views, all, options).shared
  t.ok(
    near(
      three,
      reference.triple.filter(value => value > 0),
    ),
  )
  t.equal(cca(views, all, { ...options, dim: 2 }).shared.length, 2, 'no more than asked for')
  t.end()
})

t.test('mapped, the views are white and correlate by exactly what they share', t => {
  const { maps, shared } = cca(two, [pair('a', 'b')], { dim: 99, ridge: 0, power: 0 })
  const [x, y] = [maps.a!, maps.b!]
  const within = x.transpose().mmul(covariance(two.a, two.a)).mmul(x)
  const across = x.transpose().mmul(covariance(two.a, two.b)).mmul(y)
  const apart = (m: Matrix, wanted: Matrix): number =>
    Math.max(...Matrix.sub(m, wanted).to1DArray().map(Math.abs))
  // Each side of a pair carries half of a unit eigenvector.
  t.ok(apart(within.mul(2), Matrix.eye(4)) < 1e-9)
  t.ok(apart(across.mul(2), Matrix.diag(shared)) < 1e-9)
  t.end()
})

t.test('directions are scaled by what they share, to the power', t => {
  const plain = cca(two, [pair('a', 'b')], { dim: 99, ridge, power: 0 })
  const scaled = cca(two, [pair('a', 'b')], { dim: 99, ridge, power: 2 })
  const { shared } = plain
  for (const name of ['a', 'b'])
    for (const [k, value] of shared.entries()) {
      const [before, after] = [plain.maps[name]!.getColumn(k), scaled.maps[name]!.getColumn(k)]
      const factor = (value / shared[0]!) ** 2
      t.ok(before.every((x, i) => Math.abs(x * factor - after[i]!) < 1e-12))
    }
  t.end()
})

t.test('a pair counts the rows that have both sides, whatever the others hold', t => {
  const holed = (view: View, absent: readonly number[], filler: number): View => {
    const [values, present] = [view.values.slice(), view.present.slice()]
    for (const r of absent) {
      present[r] = 0
      values.fill(filler, r * view.dim, (r + 1) * view.dim)
    }
    return { ...view, values, present }
  }
  const found = [0, 7].map(filler =>
    covariance(holed(two.a, [1, 5], filler), holed(two.b, [5, 8], filler)),
  )
  t.same(found[0]!.to1DArray(), found[1]!.to1DArray())
  const nobody = holed(two.a, [...Array(rows).keys()], 0)
  t.ok(
    covariance(nobody, two.b)
      .to1DArray()
      .every(x => x === 0),
  )
  t.end()
})
