/** `count` unit vectors of `dim` numbers, row-major. */
export interface Vectors {
  count: number
  dim: number
  values: Float32Array
}

/** The sum of the squares of one vector, in float64; four sums side by side do not wait for each other. */
export const squaredNorm = (values: Float32Array, vector: number, dim: number): number => {
  const from = vector * dim
  const whole = from + (dim & -4)
  let [a, b, c, d] = [0, 0, 0, 0]
  let i = from
  for (; i < whole; i += 4) {
    a += values[i]! * values[i]!
    b += values[i + 1]! * values[i + 1]!
    c += values[i + 2]! * values[i + 2]!
    d += values[i + 3]! * values[i + 3]!
  }
  for (; i < from + dim; i++) a += values[i]! * values[i]!
  return a + b + c + d
}

/** The largest norm, summed in float64; 0 where there are no vectors. */
export const largestNorm = ({ count, dim, values }: Vectors): number => {
  let largest = 0
  for (let vector = 0; vector < count; vector++)
    largest = Math.max(largest, squaredNorm(values, vector, dim))
  return Math.sqrt(largest)
}
