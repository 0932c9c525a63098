/**
 * The eigenvalues of a symmetric matrix, in no order: Householder's tridiagonal form, then implicit
 * QL (Golub and Van Loan, Matrix Computations, 8.3). The matrix is used up.
 */
export const eigenvalues = (matrix: Float64Array[]): Float64Array => {
  const { diagonal, beside } = tridiagonal(matrix)
  const n = diagonal.length
  for (let low = 0; low < n; low++)
    for (let high = firstSplit(diagonal, beside, low); high > low;)
      high = (sweep(diagonal, beside, low, high), firstSplit(diagonal, beside, low))
  return diagonal
}

/** Where the first block from `low` on ends: what is beside the diagonal there is nothing. */
const firstSplit = (diagonal: Float64Array, beside: Float64Array, low: number): number => {
  let at = low
  for (; at < diagonal.length - 1; at++) {
    const size = Math.abs(diagonal[at]!) + Math.abs(diagonal[at + 1]!)
    if (Math.abs(beside[at]!) <= Number.EPSILON * size) break
  }
  return at
}

/** One implicit QL step with Wilkinson's shift on the block low .. high. */
const sweep = (d: Float64Array, e: Float64Array, low: number, high: number): void => {
  const slope = (d[low + 1]! - d[low]!) / (2 * e[low]!)
  let r = Math.hypot(slope, 1)
  let g = d[high]! - d[low]! + e[low]! / (slope + (slope >= 0 ? r : -r))
  let [s, c, p] = [1, 1, 0]
  for (let i = high - 1; i >= low; i--) {
    const f = s * e[i]!
    const b = c * e[i]!
    r = Math.hypot(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1]! -= p
      e[high] = 0
      return
    }
    s = f / r
    c = g / r
    g = d[i + 1]! - p
    r = (d[i]! - g) * s + 2 * c * b
    p = s * r
    d[i + 1] = g + p
    g = c * r - b
  }
  d[low]! -= p
  e[low] = g
  e[high] = 0
}

const tridiagonal = (a: Float64Array[]) => {
  const n = a.length
  const diagonal = new Float64Array(n)
  const beside = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    diagonal[k] = a[k]![k]!
    if (k === n - 1) break
    const v = Float64Array.from({ length: n - k - 1 }, (_, i) => a[k + 1 + i]![k]!)
    const norm = Math.sqrt(inner(v, v))
    const alpha = v[0]! > 0 ? -norm : norm
    beside[k] = alpha
    v[0]! -= alpha
    const square = inner(v, v)
    if (square > 0) reflect(a, k + 1, v, 2 / square)
  }
  return { diagonal, beside }
}

/** A <- H A H with H = I - beta v v^T, on the rows and columns from `from` on. */
const reflect = (a: Float64Array[], from: number, v: Float64Array, beta: number): void => {
  const w = Float64Array.from(v, (_, i) => beta * inner(a[from + i]!.subarray(from), v))
  const half = (beta / 2) * inner(w, v)
  for (let i = 0; i < v.length; i++) w[i]! -= half * v[i]!
  for (let i = 0; i < v.length; i++) {
    const row = a[from + i]!
    for (let j = 0; j < v.length; j++) row[from + j]! -= v[i]! * w[j]! + w[i]! * v[j]!
  }
}

const inner = (x: Float64Array, y: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
