import type { ModalityColumn } from '../stream/types.js'

/**
 * Binary codes of embeddings, for Hamming distance: every number becomes its sign (that of 0 is +1,
 * METHODS 3.19), all with one absolute value that makes rows of norm 1. The cosine of two codes of d
 * bits is then 1 - 2 h / d, where h is the number of bits in which they differ, so whatever ranks by
 * cosine ranks by Hamming distance. Rows that lack the modality stay zeros.
 */
export function binaryCodes(column: ModalityColumn): ModalityColumn {
  if (column.layout !== 'vector' && column.layout !== 'views') return column
  const { dim, present, values } = column
  const size = magnitude(dim)
  const codes = values.map(x => (x < 0 ? -size : size))
  if (column.layout === 'vector')
    for (const [row, has] of present.entries()) if (!has) codes.fill(0, row * dim, (row + 1) * dim)
  return { ...column, values: codes }
}

/**
 * 1 / sqrt(d) to 20 bits: sums of its square are then exact in float64 for up to 8192 numbers, in any
 * order, so that equal distances are equal scores. The norm is off by less than a millionth.
 */
function magnitude(dim: number): number {
  const exact = 1 / Math.sqrt(dim)
  const unit = 2 ** (Math.floor(Math.log2(exact)) - 19)
  return Math.round(exact / unit) * unit
}
