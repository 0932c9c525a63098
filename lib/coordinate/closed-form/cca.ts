import { Matrix } from 'ml-matrix'
import { covariance } from './covariance.js'
import { eigen } from '../../eigen.js'
import type { View } from './views.js'
import { whitening } from './whitening.js'

export interface CcaPair {
  a: string
  b: string
  weight: number
}

export interface Cca {
  /** One map (dim, k) a modality, from standardised features. */
  maps: Record<string, Matrix>
  /** What each of the k directions shares; for two views their canonical correlations. */
  shared: number[]
}

/** Below this a direction is shared by nobody. */
const SHARED = 1e-6

/**
 * Canonical correlation analysis of any number of views (Kettenring 1971, its MAXVAR form): every
 * view is whitened, Z_m = X_m (S_mm + ridge tr(S_mm)/D_m I)^-1/2, and the eigenvectors of the
 * block matrix of all Z_m^T Z_n give one map a view. For two views these are the canonical
 * directions of Hotelling (1936); METHODS 3.16. At most `dim` directions, and none that no two views
 * share; only the pairs given count, each by the rows that have both sides.
 *
 * Whitened, a direction that is hardly shared is as long as the best one, and drowns it in a cosine:
 * each is scaled by what it shares, to the power given (Gong et al. 2014).
 */
export function cca(
  views: Readonly<Record<string, View>>,
  pairs: readonly CcaPair[],
  { dim, ridge, power }: { dim: number; ridge: number; power: number },
): Cca {
  const names = Object.keys(views)
  const whiten = Object.fromEntries(
    names.map(name => [name, whitening(views[name]!, { keep: 1, add: ridge })]),
  )
  const first: Record<string, number> = {}
  let size = 0
  for (const name of names) {
    first[name] = size
    size += views[name]!.dim
  }
  const blocks = Matrix.eye(size, size)
  for (const { a, b, weight } of pairs) {
    const shared = whiten[a]!.mmul(covariance(views[a]!, views[b]!)).mmul(whiten[b]!).mul(weight)
    blocks.setSubMatrix(shared, first[a]!, first[b]!)
    blocks.setSubMatrix(shared.transpose(), first[b]!, first[a]!)
  }
  const { values, vectors } = eigen(blocks)
  const kept = values.slice(0, dim).filter(value => value - 1 > SHARED).length
  const shared = values.slice(0, Math.max(1, kept)).map(value => value - 1)
  const scale = Matrix.diag(shared.map(value => (value / shared[0]!) ** power))
  const directions = new Matrix(vectors.slice(0, shared.length)).transpose()
  const maps = Object.fromEntries(
    names.map(name => {
      const [from, end] = [first[name]!, first[name]! + views[name]!.dim]
      const own = directions.subMatrix(from, end - 1, 0, directions.columns - 1)
      return [name, whiten[name]!.mmul(own).mmul(scale)]
    }),
  )
  return { maps, shared }
}
