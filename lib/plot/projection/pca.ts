import { Matrix } from 'ml-matrix'
import { eigen } from '../../eigen.js'
import type { Vectors } from '../../retrieve/vectors.js'
import type { Plane } from './projection.js'

/**
 * Principal component analysis to two dimensions: the vectors, less their mean, along the two
 * directions of largest variance. Nothing is random; a direction points to where its largest
 * coordinate is positive. What has fewer than two dimensions of variance gets zeros.
 */
export const pca = ({ count, dim, values }: Vectors): Plane => {
  const centred = centre(Matrix.from1DArray(count, dim, values))
  const { vectors } = eigen(centred.transpose().mmul(centred))
  const plane = new Float64Array(count * 2)
  vectors.slice(0, 2).forEach((direction, axis) => {
    centred
      .mmul(Matrix.columnVector(direction))
      .to1DArray()
      .forEach((x, i) => (plane[2 * i + axis] = x))
  })
  return plane
}

const centre = (matrix: Matrix): Matrix => matrix.subRowVector(matrix.mean('column'))
