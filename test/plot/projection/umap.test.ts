import t from 'tap'
import { umap } from '../../../lib/plot/projection/umap.js'
import { vectors } from '../../retrieve/vectors.js'
import { points } from './reference.js'

const settings = { perplexity: 30, neighbors: 8, seed: 0 }

const nearest = (plane: Float64Array, of: number): number => {
  const distance = (i: number) =>
    i === of
      ? Infinity
      : (plane[2 * i]! - plane[2 * of]!) ** 2 + (plane[2 * i + 1]! - plane[2 * of + 1]!) ** 2
  const all = Array.from({ length: plane.length / 2 }, (_, i) => distance(i))
  return all.indexOf(Math.min(...all))
}

t.test('neighbours stay neighbours', async t => {
  const plane = umap(points, settings)
  let same = 0
  for (let i = 0; i < points.count; i++) if (nearest(plane, i) % 4 === i % 4) same++
  // The points lie around four centres in turn; by chance a quarter of them would do so.
  t.ok(same > points.count / 2, `${same} of ${points.count} lie next to one of their own`)
})

t.test('the draws follow the seed', async t => {
  const plane = umap(points, settings)
  t.strictSame(umap(points, settings), plane)
  t.notSame(umap(points, { ...settings, seed: 1 }), plane)
})

t.test('few points, and points that coincide, have a map', async t => {
  for (const rows of [
    [[1, 0]],
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [0, 1],
      [1, 0],
      [1, 0],
    ],
  ]) {
    const plane = umap(vectors(rows), settings)
    t.equal(plane.length, 2 * rows.length)
    t.ok(plane.every(Number.isFinite), `${rows.length} points: ${plane}`)
  }
})
