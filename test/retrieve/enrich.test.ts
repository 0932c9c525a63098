import fc from 'fast-check'
import t from 'tap'
import { enrich } from '../../lib/retrieve/enrich.js'
import type { RaggedColumn, VectorColumn } from '../../lib/stream/types.js'
import { unit, vectorColumn } from './vectors.js'

t.test('check value of METHODS 7: U and V of the third item', async t => {
  const u = vectorColumn(
    [
      [1, 0],
      [0, 1],
      [1, 1],
    ].map(unit),
  )
  const v = vectorColumn(
    [
      [1, 0.2],
      [0.3, 1],
      [1, 0.8],
    ].map(unit),
  )
  const { column } = enrich(
    [
      { column: u, weight: 1 },
      { column: v, weight: 1 },
    ],
    3,
  )
  t.ok(Math.abs(column.values[2 * 2]! - 0.745128) < 1e-6)
})

t.test('the weighted sum of unit vectors, scaled to norm 1', async () => {
  const vector = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 })
  const weight = fc.integer({ min: 1, max: 20 }).map(n => n / 10)
  fc.assert(
    fc.property(fc.tuple(vector, vector), fc.tuple(weight, weight), ([a, b], [wa, wb]) => {
      const [ua, ub] = [unit(a), unit(b)]
      const parts = [
        { column: vectorColumn([ua]), weight: wa },
        { column: vectorColumn([ub]), weight: wb },
      ]
      const wanted = unit(ua.map((x, i) => wa * x + wb * ub[i]!))
      const got = enrich(parts, 1).column.values
      return wanted.every((x, i) => Math.abs(x - got[i]!) < 1e-6)
    }),
    { seed: 1 },
  )
})

t.test(
  'views are averaged and scaled before they are combined (METHODS 5, pitfall 13)',
  async t => {
    const views: RaggedColumn = {
      layout: 'views',
      dim: 2,
      values: Float32Array.from([1, 0, 0, 1, 0, 1]),
      offsets: Int32Array.from([0, 3]),
      present: Uint8Array.from([1]),
    }
    const other = vectorColumn([[1, 0]])
    const mean = unit([1 / 3, 2 / 3])
    const wanted = unit([mean[0]! + 1, mean[1]!])
    const parts = [
      { column: views, weight: 1 },
      { column: other, weight: 1 },
    ]
    const got = enrich(parts, 1).column.values
    t.ok(Math.abs(got[0]! - wanted[0]!) < 1e-6)
  },
)

t.test('a row is combined from the parts it has, and absent where it has none', async t => {
  const a = vectorColumn([[1, 0], undefined, [1, 0], undefined])
  const b = vectorColumn([[0, 1], [0, 1], undefined, undefined])
  const { column, complete, opposed } = enrich(
    [
      { column: a, weight: 1 },
      { column: b, weight: 1 },
    ],
    4,
  )
  t.same([...column.present], [1, 1, 1, 0])
  t.same([...column.values.slice(2)], [0, 1, 1, 0, 0, 0])
  t.equal(complete, 1)
  t.equal(opposed, 0)
})

t.test('opposed parts leave the first one, and are counted', async t => {
  const a = vectorColumn([
    [1, 0],
    [0, 1],
  ])
  const b = vectorColumn([
    [-1, 0],
    [0, 1],
  ])
  const { column, opposed } = enrich(
    [
      { column: a, weight: 1 },
      { column: b, weight: 1 },
    ],
    2,
  )
  t.same([...column.values], [1, 0, 0, 1])
  t.equal(opposed, 1)
})

t.test('opposed views leave the first view', async t => {
  const views: RaggedColumn = {
    layout: 'views',
    dim: 2,
    values: Float32Array.from([0, 1, 0, -1]),
    offsets: Int32Array.from([0, 2]),
    present: Uint8Array.from([1]),
  }
  const { column, opposed } = enrich([{ column: views, weight: 1 }], 1)
  t.same([...(column as VectorColumn).values], [0, 1])
  t.equal(opposed, 1)
})
