import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { Vectors } from '../../retrieve/vectors.js'
import type { Plane } from './projection.js'

/**
 * Principal component analysis to two dimensions: the vectors, less their mean, along the two
 * directions of largest variance. Nothing is random; a direction points to where its largest
 * coordinate is positive. What has fewer than two dimensions of variance gets zeros.
 */
export const pca = ({ count, dim, values }: Vectors): Plane => {
  const centred = centre(Matrix.from1DArray(count, dim, values))
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    centred.transpose().mmul(centred),
    { assumeSymmetric: true },
  )
  const order = realEigenvalues
    .map((value, at) => ({ value, at }))
    .sort((a, b) => b.value - a.value || a.at - b.at)
  const plane = new Float64Array(count * 2)
  order.slice(0, 2).forEach(({ at }, axis) => {
    const direction = Matrix.columnVector(upright(eigenvectorMatrix.getColumn(at)))
    centred
      .mmul(direction)
      .to1DArray()
      .forEach((x, i) => (plane[2 * i + axis] = x))
  })
  return plane
}

const centre = (matrix: Matrix): Matrix => matrix.subRowVector(matrix.mean('column'))

/** Both signs of an eigenvector are right: this one does not depend on how it was found. */
const upright = (direction: number[]): number[] => {
  const largest = direction.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0)
  return largest < 0 ? direction.map(x => -x) : direction
}
