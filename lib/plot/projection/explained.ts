import type { Vectors } from '../../retrieve/vectors.js'
import type { Plane } from './projection.js'

/** The share of the variance of the vectors that an orthogonal projection keeps, from 0 to 1. */
export const explained = ({ count, dim, values }: Vectors, plane: Plane): number => {
  const all = variance(values, count, dim)
  return all === 0 ? 0 : variance(plane, count, 2) / all
}

/** The mean squared distance from the mean. */
const variance = (values: Float32Array | Float64Array, count: number, dim: number): number => {
  const mean = new Float64Array(dim)
  values.forEach((x, at) => (mean[at % dim]! += x / count))
  let sum = 0
  values.forEach((x, at) => (sum += (x - mean[at % dim]!) ** 2))
  return sum / count
}
