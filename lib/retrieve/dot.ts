/**
 * The score that all ranks are defined by: the inner product of vector `a` of `left` and vector `b`
 * of `right` (both row-major, `dim` numbers a row), summed in float64 from the first number to the
 * last. The product of two float32 numbers is exact in float64, so any program that adds in this
 * order gets the same bits, and equal vectors get equal scores.
 */
export const dot = (
  left: Float32Array,
  a: number,
  right: Float32Array,
  b: number,
  dim: number,
): number => {
  let sum = 0
  const from = a * dim
  const other = b * dim
  for (let i = 0; i < dim; i++) sum += left[from + i]! * right[other + i]!
  return sum
}
