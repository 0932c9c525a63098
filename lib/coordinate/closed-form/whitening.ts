import { Matrix } from 'ml-matrix'
import { covariance } from './covariance.js'
import { eigen } from '../../eigen.js'
import type { View } from './views.js'

/** How a covariance is regularised: (`keep` S + `add` tr(S)/D I). */
export interface Regularised {
  keep: number
  add: number
}

/** (keep S + add tr(S)/D I)^-1/2 of one view, symmetric (D, D). */
export function whitening(view: View, { keep, add }: Regularised): Matrix {
  const own = covariance(view, view)
  const { values, vectors } = eigen(own)
  const floor = (add * own.trace()) / view.dim
  const basis = new Matrix(vectors)
  const scales = values.map(value => 1 / Math.sqrt(keep * Math.max(value, 0) + floor || 1))
  return basis.transpose().mmul(Matrix.diag(scales)).mmul(basis)
}
