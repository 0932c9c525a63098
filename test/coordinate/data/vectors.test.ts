import t from 'tap'
import { meanPool, vectorsOf } from '../../../lib/coordinate/data/vectors.js'

t.test('a vector column is its own vectors, one a row', async t => {
  const column = {
    layout: 'vector' as const,
    dim: 2,
    values: Float32Array.of(1, 2, 0, 0, 5, 6),
    present: Uint8Array.of(1, 0, 1),
  }
  t.match(vectorsOf(column), { dim: 2, offsets: [0, 1, 2, 3], present: [1, 0, 1], views: false })
  t.equal(vectorsOf(column).values, column.values, 'nothing is copied')
})

t.test('views are kept, as many as each row has', async t => {
  const column = {
    layout: 'views' as const,
    dim: 1,
    values: Float32Array.of(1, 2, 3),
    offsets: Int32Array.of(0, 2, 2, 3),
    present: Uint8Array.of(1, 0, 1),
  }
  t.match(vectorsOf(column), { dim: 1, values: [1, 2, 3], offsets: [0, 2, 2, 3], views: true })
})

t.test('tokens are pooled by their mean; a row without tokens is absent', async t => {
  const column = {
    layout: 'tokens' as const,
    dim: 2,
    values: Float32Array.of(1, 10, 3, 30, 7, 8),
    offsets: Int32Array.of(0, 2, 2, 3, 3),
    present: Uint8Array.of(1, 1, 1, 0),
  }
  const pooled = vectorsOf(column)
  t.same([...pooled.values], [2, 20, 0, 0, 7, 8, 0, 0])
  t.same([...pooled.present], [1, 0, 1, 0])
  t.same([...pooled.offsets], [0, 1, 2, 3, 4])
  t.equal(pooled.views, false)
  t.same([...column.present], [1, 1, 1, 0], 'what was given is left alone')
})

t.test('views of tokens are pooled within each view', async t => {
  const column = {
    layout: 'views-of-tokens' as const,
    dim: 1,
    values: Float32Array.of(1, 3, 5, 6, 10),
    offsets: Int32Array.of(0, 2, 2, 3),
    viewOffsets: Int32Array.of(0, 2, 4, 5),
    present: Uint8Array.of(1, 0, 1),
  }
  const pooled = vectorsOf(column)
  t.same([...pooled.values], [2, 5.5, 10])
  t.same([...pooled.offsets], [0, 2, 2, 3])
  t.equal(pooled.views, true)
})

t.test('means of long runs are summed in float64', async t => {
  const count = 100_000
  const values = new Float32Array(count).fill(0.1)
  t.equal(meanPool(values, Int32Array.of(0, count), 1)[0], Math.fround(0.1))
})
