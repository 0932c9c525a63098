import type { Vectors } from '../../retrieve/vectors.js'

/** Points in the plane: (count x 2), row-major, in the order of the vectors. */
export type Plane = Float64Array

export interface ProjectionSettings {
  /** t-SNE: how many neighbours a point has, in effect; UMAP: how many it has. */
  perplexity: number
  neighbors: number
  seed: number
  /** Hears how far a slow one has come, from 0 to 1. */
  progress?(share: number): void
}

/** The ways from the shared space to the plane, by the names of `--method`. */
export const PROJECTIONS = ['pca', 'tsne', 'umap'] as const
export type ProjectionName = (typeof PROJECTIONS)[number]

/** A library that a figure does not need is not loaded for it. */
export const project = async (
  name: ProjectionName,
  vectors: Vectors,
  settings: ProjectionSettings,
): Promise<Plane> => {
  if (name === 'pca') return (await import('./pca.js')).pca(vectors)
  if (name === 'tsne') return (await import('./tsne.js')).tsne(vectors, settings)
  return (await import('./umap.js')).umap(vectors, settings)
}
