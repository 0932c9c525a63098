import type { Vectors } from '../../retrieve/vectors.js'

/** Squared Euclidean distances of all pairs: (count x count), row-major. */
export const squaredDistances = ({ count, dim, values }: Vectors): Float64Array => {
  const found = new Float64Array(count * count)
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      let sum = 0
      for (let k = 0; k < dim; k++) {
        const difference = values[i * dim + k]! - values[j * dim + k]!
        sum += difference * difference
      }
      found[i * count + j] = found[j * count + i] = sum
    }
  return found
}
