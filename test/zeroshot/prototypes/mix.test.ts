import t from 'tap'
import { mix } from '../../../lib/zeroshot/prototypes/mix.js'
import type { Prototypes } from '../../../lib/zeroshot/prototypes/prototypes.js'
import { unit, vectors } from '../../retrieve/vectors.js'

const prototypes = (of: Record<string, number[]>): Prototypes => ({
  names: Object.keys(of),
  vectors: vectors(Object.values(of)),
  rows: Int32Array.from(Object.values(of), () => 2),
  opposed: 0,
})

t.test('a mixture is the weighted sum of unit prototypes at norm 1', async t => {
  const one = prototypes({ cat: [1, 0], dog: [0, 1], cow: unit([1, 1]) })
  const two = prototypes({ dog: [1, 0], cat: [0, 1], horse: [1, 0] })
  const { names, vectors, rows, complete, opposed } = mix([
    { prototypes: one, weight: 2 },
    { prototypes: two, weight: 1 },
  ])
  t.same(names, ['cat', 'dog', 'cow', 'horse'])
  t.same({ rows: [...rows], complete, opposed }, { rows: [4, 4, 2, 2], complete: 2, opposed: 0 })
  const wanted = [...unit([2, 1]), ...unit([1, 2]), ...unit([1, 1]), 1, 0]
  wanted.forEach((x, i) => t.ok(Math.abs(x - vectors.values[i]!) < 1e-6, `number ${i}`))
})

t.test('METHODS 7: rows 3 of U and V together', async t => {
  const { vectors } = mix([
    { prototypes: prototypes({ c: unit([1, 1]) }), weight: 1 },
    { prototypes: prototypes({ c: unit([1, 0.8]) }), weight: 1 },
  ])
  t.ok(Math.abs(vectors.values[0]! - 0.745128) < 1e-5)
  t.ok(Math.abs(Math.hypot(...vectors.values) - 1) < 1e-6)
})

t.test('what cancels out leaves the first part, and is counted', async t => {
  const { vectors, opposed } = mix([
    { prototypes: prototypes({ cat: [1, 0] }), weight: 1 },
    { prototypes: prototypes({ cat: [-1, 0] }), weight: 1 },
  ])
  t.same([...vectors.values], [1, 0])
  t.equal(opposed, 1)
})
