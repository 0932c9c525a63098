import { badData } from '../error.js'
import type { ModalityColumn, ModalityField } from '../stream/types.js'
import { squaredNorm } from './vectors.js'

/**
 * Makes sure that every vector of a column of embeddings has norm 1, so that inner products are
 * cosines. Float32 columns marked `pcm.unit` are so already; halves, rounded to three digits, and
 * vectors from elsewhere are scaled here. A zero vector has no direction: bad data (65), with its row, counted from
 * `firstRow`.
 */
export const unitColumn = (
  field: ModalityField,
  column: ModalityColumn,
  source: string,
  firstRow = 0,
): ModalityColumn => {
  if (column.layout !== 'vector' && column.layout !== 'views')
    throw new Error(`embeddings of layout ${column.layout}`)
  if (field.unit && field.float === 'float32') return column
  const values = new Float32Array(column.values.length)
  for (let row = 0; row < column.present.length; row++) {
    if (!column.present[row]) continue
    const ragged = column.layout === 'views'
    const first = ragged ? column.offsets[row]! : row
    const end = ragged ? column.offsets[row + 1]! : row + 1
    for (let vector = first; vector < end; vector++)
      if (!scale(column.values, values, vector, column.dim))
        throw badData(
          `${source}: column '${field.name}': row ${firstRow + row} is a zero vector, expected a direction`,
        )
  }
  return { ...column, values }
}

const scale = (from: Float32Array, to: Float32Array, vector: number, dim: number): boolean => {
  const norm = Math.sqrt(squaredNorm(from, vector, dim))
  for (let i = vector * dim; i < (vector + 1) * dim; i++) to[i] = from[i]! / norm
  return norm > 0
}
