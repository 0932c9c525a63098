import { UMAP } from 'umap-js'
import { randomBits } from '../../retrieve/uncertainty/random.js'
import type { Vectors } from '../../retrieve/vectors.js'
import { squaredDistances } from './distances.js'
import { pca } from './pca.js'
import type { Plane, ProjectionSettings } from './projection.js'

/** The usual distance of near points in the plane. */
const MIN_DIST = 0.1

/** UMAP to two dimensions (McInnes et al. 2018), on exact neighbours; random draws follow `seed`. */
export const umap = (
  vectors: Vectors,
  { neighbors, seed, progress }: ProjectionSettings,
): Plane => {
  const { count, dim, values } = vectors
  // Two points have no neighbourhood to keep.
  if (count < 3) return pca(vectors)
  const draw = randomBits(seed, 5)
  const nNeighbors = Math.min(neighbors, count - 1)
  const reducer = new UMAP({ nNeighbors, minDist: MIN_DIST, random: () => draw() / 2 ** 32 })
  const { indices, distances } = nearest(vectors, nNeighbors)
  reducer.setPrecomputedKNN(indices, distances)
  const rows = Array.from({ length: count }, (_, i) =>
    Array.from(values.subarray(i * dim, (i + 1) * dim)),
  )
  const epochs = reducer.initializeFit(rows)
  for (let epoch = 0; epoch < epochs; epoch++) {
    reducer.step()
    progress?.((epoch + 1) / epochs)
  }
  return Float64Array.from(reducer.getEmbedding().flat())
}

/** The nearest of every point, itself first, as UMAP counts them. */
const nearest = (vectors: Vectors, k: number) => {
  const { count } = vectors
  const squares = squaredDistances(vectors)
  const indices: number[][] = []
  const distances: number[][] = []
  for (let i = 0; i < count; i++) {
    const row = squares.subarray(i * count, (i + 1) * count)
    const order = Array.from(row.keys())
      .sort((a, b) => Number(b === i) - Number(a === i) || row[a]! - row[b]! || a - b)
      .slice(0, k)
    indices.push(order)
    distances.push(order.map(at => Math.sqrt(row[at]!)))
  }
  return { indices, distances }
}
