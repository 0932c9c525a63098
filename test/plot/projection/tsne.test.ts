import t from 'tap'
import { affinities } from '../../../lib/plot/projection/affinities.js'
import { squaredDistances } from '../../../lib/plot/projection/distances.js'
import { tsne } from '../../../lib/plot/projection/tsne.js'
import { vectors } from '../../retrieve/vectors.js'
import { points, reference } from './reference.js'

const settings = { perplexity: reference.perplexity, neighbors: 15, seed: 0 }

/** The Kullback-Leibler divergence that t-SNE descends, in two plain loops. */
const divergence = (plane: Float64Array): number => {
  const { count } = points
  const p = affinities(squaredDistances(points), count, reference.perplexity)
  const near = (i: number, j: number) =>
    1 / (1 + (plane[2 * i]! - plane[2 * j]!) ** 2 + (plane[2 * i + 1]! - plane[2 * j + 1]!) ** 2)
  const pairs = Array.from({ length: count * count }, (_, at) => [
    Math.floor(at / count),
    at % count,
  ])
  const apart = pairs.filter(([i, j]) => i !== j) as [number, number][]
  const all = apart.reduce((sum, [i, j]) => sum + near(i, j), 0)
  return apart.reduce((sum, [i, j]) => {
    const here = p[i * count + j]!
    return here > 0 ? sum + here * Math.log(here / (near(i, j) / all)) : sum
  }, 0)
}

t.test('affinities are those of scikit-learn', async t => {
  const p = affinities(squaredDistances(points), points.count, reference.perplexity)
  reference.affinities.forEach((value, at) => {
    if (Math.abs(p[at]! - value) > 1e-6) t.fail(`affinity ${at}: ${p[at]}, expected ${value}`)
  })
  t.ok(Math.abs(p.reduce((a, b) => a + b, 0) - 1) < 1e-9, 'they sum to 1')
})

t.test('the map costs no more than what scikit-learn finds from six starts', async t => {
  const cost = divergence(tsne(points, settings))
  const worst = Math.max(...reference.divergences)
  t.ok(cost <= worst, `${cost}, scikit-learn ${reference.divergences.join(', ')}`)
})

t.test('nothing is random, and how far it has come is told', async t => {
  const shares: number[] = []
  const once = tsne(points, { ...settings, progress: share => shares.push(share) })
  t.strictSame(tsne(points, { ...settings, seed: 1 }), once)
  t.equal(shares.at(-1), 1)
})

t.test('points that coincide, and very few points, have a map', async t => {
  for (const rows of [
    [[1, 0]],
    [
      [1, 0],
      [1, 0],
    ],
    [
      [1, 0],
      [0, 1],
      [1, 0],
      [1, 0],
    ],
  ]) {
    const plane = tsne(vectors(rows), { ...settings, perplexity: 30 })
    t.ok(plane.every(Number.isFinite), `${rows.length} points: ${plane}`)
  }
})
