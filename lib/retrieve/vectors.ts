/** `count` unit vectors of `dim` numbers, row-major. */
export interface Vectors {
  count: number
  dim: number
  values: Float32Array
}

/** The largest norm, summed in float64; 0 where there are no vectors. */
export const largestNorm = ({ count, dim, values }: Vectors): number => {
  let largest = 0
  for (let vector = 0; vector < count; vector++) {
    let squares = 0
    for (let i = vector * dim; i < (vector + 1) * dim; i++) squares += values[i]! ** 2
    if (squares > largest) largest = squares
  }
  return Math.sqrt(largest)
}
