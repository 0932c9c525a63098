import type { Dataset } from '../../lib/coordinate/data/dataset.js'
import { reals } from '../engine/numbers.js'

/** A normal number from two even ones (Box and Muller 1958). */
const normals = (count: number, seed: number): Float32Array => {
  const [u, v] = [reals(count, seed, 1e-7, 1), reals(count, seed + 1, 0, 1)]
  return u.map((x, i) => Math.sqrt(-2 * Math.log(x)) * Math.cos(2 * Math.PI * v[i]!))
}

export interface WorldSize {
  rows: number
  /** Dimensions of what the modalities have in common. */
  latent: number
  /** Numbers per feature vector. */
  dim: number
  /** Deviation of the noise each modality adds. */
  noise: number
}

/**
 * The toy of METHODS 1.6: items are points z, modality m sees tanh(z A_m) and noise of its own.
 * Features (rows x dim) by modality.
 */
export function world(
  names: readonly string[],
  { rows, latent, dim, noise }: WorldSize,
  seed = 0,
): Record<string, Float32Array> {
  const z = normals(rows * latent, 1000 * seed + 1)
  return Object.fromEntries(
    names.map((name, m) => {
      const mixing = normals(latent * dim, 1000 * seed + 10 * m + 3)
      const own = normals(rows * dim, 1000 * seed + 10 * m + 5)
      const x = new Float32Array(rows * dim)
      for (let r = 0; r < rows; r++)
        for (let j = 0; j < dim; j++) {
          let sum = 0
          for (let k = 0; k < latent; k++) sum += z[r * latent + k]! * mixing[k * dim + j]!
          x[r * dim + j] = Math.tanh(sum / Math.sqrt(latent)) + noise * own[r * dim + j]!
        }
      return [name, x]
    }),
  )
}

/** Features as training takes them: complete, every row an item of its own. */
export const datasetOf = (features: Record<string, Float32Array>, dim: number): Dataset => {
  const rows = Object.values(features)[0]!.length / dim
  return {
    rows,
    modalities: Object.fromEntries(
      Object.entries(features).map(([name, values]) => [
        name,
        {
          type: 'vectors',
          dim,
          values: values.slice(),
          offsets: Int32Array.from({ length: rows + 1 }, (_, r) => r),
          present: new Uint8Array(rows).fill(1),
          views: false,
        },
      ]),
    ),
    groupings: { id: Int32Array.from({ length: rows }, (_, r) => r) },
    grouping: () => 'id',
  }
}

export const rowsFrom = (first: number, end: number): Int32Array =>
  Int32Array.from({ length: end - first }, (_, i) => first + i)
