import { Matrix } from 'ml-matrix'
import { key, Purpose, uniform } from '../random.js'
import type { View } from './views.js'

/**
 * Relative representations, r(x) = rownorm(x) rownorm(A)^T (METHODS 3.15): column j of a modality's map
 * is its unit vector of anchor j, one of at most `dim` rows that all modalities have. (The length
 * of x is no matter to a cosine.)
 */
export function relativeMaps(
  views: Readonly<Record<string, View>>,
  { dim, seed }: { dim: number; seed: number },
): Record<string, Matrix> {
  const all = Object.values(views)
  const rows = [...all[0]!.present.keys()].filter(r => all.every(view => view.present[r]))
  const anchors = drawn(rows, dim, seed)
  return Object.fromEntries(
    Object.entries(views).map(([name, view]) => {
      const units = anchors.map(r => unit(view.values.subarray(r * view.dim, (r + 1) * view.dim)))
      return [name, units.length > 0 ? new Matrix(units).transpose() : Matrix.zeros(view.dim, 0)]
    }),
  )
}

/** `count` of the rows, in rising order. */
function drawn(rows: readonly number[], count: number, seed: number): number[] {
  const sequence = key(seed, Purpose.anchors)
  return rows
    .map(row => ({ row, draw: uniform(sequence, row) }))
    .sort((a, b) => a.draw - b.draw || a.row - b.row)
    .slice(0, count)
    .map(({ row }) => row)
    .sort((a, b) => a - b)
}

function unit(vector: Float64Array): number[] {
  const length = Math.hypot(...vector)
  return Array.from(vector, x => (length > 0 ? x / length : 0))
}
