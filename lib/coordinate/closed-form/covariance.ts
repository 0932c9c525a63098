import { Matrix } from 'ml-matrix'
import type { View } from './views.js'

/** Mean of x y^T over the rows that have both, (dim x, dim y); zeros where fewer than two have. */
export function covariance(x: View, y: View): Matrix {
  const sums = Array.from({ length: x.dim }, () => new Float64Array(y.dim))
  let count = 0
  for (let r = 0; r < x.present.length; r++) {
    if (!x.present[r] || !y.present[r]) continue
    count++
    const own = y.values.subarray(r * y.dim, (r + 1) * y.dim)
    for (let i = 0; i < x.dim; i++) {
      const factor = x.values[r * x.dim + i]!
      if (factor === 0) continue
      const row = sums[i]!
      for (let j = 0; j < y.dim; j++) row[j]! += factor * own[j]!
    }
  }
  const matrix = new Matrix(sums.map(row => Array.from(row)))
  return count < 2 ? Matrix.zeros(x.dim, y.dim) : matrix.div(count)
}
