import { type Matrix, matrix, times } from './float64.js'

/** Parameters of one head: (inputs x units) and rows, as flat lists. */
export type Numbers64 = Record<string, { shape: number[]; values: ArrayLike<number> }>

const plus = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((x, j) => x + b[i]![j]!))

const masked = (a: Matrix, mask: Matrix | undefined): Matrix =>
  mask ? a.map((row, i) => row.map((x, j) => x * mask[i]![j]!)) : a

function linear(x: Matrix, p: Numbers64, name: string): Matrix {
  const { shape, values } = p[`${name}.weight`]!
  const bias = p[`${name}.bias`]!.values
  return times(x, matrix(values, shape[0]!, shape[1]!)).map(row => row.map((y, j) => y + bias[j]!))
}

/** The error function: its series near 0, its continued fraction further out. */
export function erf(x: number): number {
  const a = Math.abs(x)
  if (a < 2.5) {
    let term = a
    let sum = a
    for (let n = 1; n < 80; n++) {
      term *= -(a * a) / n
      sum += term / (2 * n + 1)
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * sum
  }
  let tail = a
  for (let n = 60; n > 0; n--) tail = a + n / 2 / tail
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * tail))
}

const gelu = (a: Matrix): Matrix => a.map(row => row.map(x => (x / 2) * (1 + erf(x / Math.SQRT2))))

function layerNorm(a: Matrix, p: Numbers64, name: string): Matrix {
  const [scale, shift] = [p[`${name}.scale`]!.values, p[`${name}.shift`]!.values]
  return a.map(row => {
    const mean = row.reduce((s, x) => s + x, 0) / row.length
    const variance = row.reduce((s, x) => s + (x - mean) ** 2, 0) / row.length
    return row.map((x, j) => ((x - mean) / Math.sqrt(variance + 1e-5)) * scale[j]! + shift[j]!)
  })
}

/** The heads of METHODS 1.4: features (B, D), parameters, dropout mask -> (B, d). */
export const heads: Record<string, (x: Matrix, p: Numbers64, mask?: Matrix) => Matrix> = {
  linear: (x, p) => linear(x, p, 'linear'),
  mlp: (x, p, mask) =>
    layerNorm(linear(masked(gelu(linear(x, p, 'in')), mask), p, 'out'), p, 'norm'),
  'residual-mlp': (x, p, mask) => {
    const projected = linear(x, p, 'project')
    const refined = masked(linear(gelu(projected), p, 'refine'), mask)
    return layerNorm(plus(projected, refined), p, 'norm')
  },
  'lin+mlp': (x, p, mask) => {
    const h = masked(layerNorm(x, p, 'norm'), mask)
    return plus(linear(h, p, 'linear'), linear(gelu(linear(h, p, 'in')), p, 'out'))
  },
  identity: x => x,
  embedding: (codes, p) => {
    const { shape, values } = p.table!
    const table = matrix(values, shape[0]!, shape[1]!)
    return codes.map(([code]) => table[code!]!)
  },
}
