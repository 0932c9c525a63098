import { EigenvalueDecomposition, type Matrix } from 'ml-matrix'

export interface Eigen {
  /** Largest first. */
  values: number[]
  /** In the same order; of both right signs the one whose largest number is positive. */
  vectors: number[][]
}

/** Eigenvalues and unit eigenvectors of a symmetric matrix. */
export function eigen(matrix: Matrix): Eigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  })
  const order = realEigenvalues
    .map((value, at) => ({ value, at }))
    .sort((a, b) => b.value - a.value || a.at - b.at)
  return {
    values: order.map(({ value }) => value),
    vectors: order.map(({ at }) => upright(eigenvectorMatrix.getColumn(at))),
  }
}

const upright = (vector: number[]): number[] => {
  const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0)
  return largest < 0 ? vector.map(x => -x) : vector
}
