import { Matrix, SVD, solve } from 'ml-matrix'
import type { CcaPair } from './cca.js'
import { covariance } from './covariance.js'
import { eigen } from '../../eigen.js'
import { common, type View } from './views.js'

type Views = Readonly<Record<string, View>>
type Maps = Record<string, Matrix>

/** The modality that others are mapped to: the first side of the first pair. */
export const anchorOf = (pairs: readonly CcaPair[]): string => pairs[0]!.a

/**
 * min ||X W - Y||^2 + n ridge tr(S_xx)/D_x ||W||^2 for every modality X, over the rows that have both; Y
 * is the anchor, in its own principal axes, the first `dim` of them. METHODS 3.16 ("affine"), without
 * a constant: features are standardised.
 */
export function ridgeMaps(
  views: Views,
  pairs: readonly CcaPair[],
  { dim, ridge }: { dim: number; ridge: number },
): Maps {
  const anchor = anchorOf(pairs)
  const axes = principal(views[anchor]!, Math.min(dim, views[anchor]!.dim))
  return mapAll(views, anchor, axes, (x, y) => {
    const own = covariance(x, x)
    const floor = Matrix.eye(x.dim).mul((ridge * own.trace()) / x.dim)
    return solve(own.add(floor), covariance(x, y), true).mmul(axes)
  })
}

/**
 * R = P Q^T of the SVD P S Q^T of X^T Y, the rotation that brings X nearest to Y (Schönemann 1966;
 * METHODS 3.16), all in principal axes, filled up with zeros to one width.
 */
export function procrustesMaps(
  views: Views,
  pairs: readonly CcaPair[],
  { dim }: { dim: number },
): Maps {
  const anchor = anchorOf(pairs)
  const width = Math.min(dim, Math.max(...Object.values(views).map(view => view.dim)))
  const axes = principal(views[anchor]!, width)
  return mapAll(views, anchor, axes, (x, y) => {
    const own = principal(x, width)
    const across = own.transpose().mmul(covariance(x, y)).mmul(axes)
    const { leftSingularVectors, rightSingularVectors } = new SVD(across)
    return own.mmul(leftSingularVectors).mmul(rightSingularVectors.transpose())
  })
}

function mapAll(
  views: Views,
  anchor: string,
  axes: Matrix,
  map: (x: View, y: View) => Matrix,
): Maps {
  const others = Object.keys(views).filter(name => name !== anchor)
  const mapped = others.map(name => [name, map(...common(views[name]!, views[anchor]!))] as const)
  return { [anchor]: axes, ...Object.fromEntries(mapped) }
}

/** The first `width` principal axes as columns, (dim x width); zeros beyond the view's own. */
function principal(view: View, width: number): Matrix {
  const { vectors } = eigen(covariance(view, view))
  const axes = Matrix.zeros(view.dim, width)
  for (const [k, vector] of vectors.slice(0, width).entries()) axes.setColumn(k, vector)
  return axes
}
