const FLOAT32 = 2 ** -24
const FLOAT64 = 2 ** -53
const SMALLEST_FLOAT32 = 2 ** -126

/**
 * Bound on |computed - dot.ts| for the inner product of two vectors with norms up to `maxNorm`,
 * added in float32 in any order, with or without fused multiply-add (Higham, Accuracy and Stability
 * of Numerical Algorithms, 3.1: gamma_n = n u / (1 - n u)). `operand` is the relative rounding of
 * the numbers before they are multiplied: 0 for float32 arithmetic, 2^-11 for TensorFloat-32.
 */
export const productSlack = (dim: number, maxNorm: number, operand = 0): number => {
  const sum = gamma(dim, FLOAT32) + gamma(dim, FLOAT64)
  const operands = operand * (2 + operand)
  // The comparisons with the bound are themselves made in float64.
  const comparison = 8 * FLOAT64
  return (sum * (1 + operands) + operands + comparison) * maxNorm ** 2 + dim * SMALLEST_FLOAT32
}

/** How far a sum of `n` products can be off, relative to the sum of their sizes. */
export const gamma = (n: number, unit: number): number => (n * unit) / (1 - n * unit)
