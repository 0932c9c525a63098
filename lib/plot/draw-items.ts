import type { Embeddings } from '../retrieve/embeddings.js'
import { randomBits } from '../retrieve/uncertainty/random.js'
import type { ModalityColumn } from '../stream/types.js'

export interface Drawn {
  /** One byte a row: 1 where it was drawn; left out where all rows were. */
  selection?: Uint8Array
  drawn: number
  of: number
}

/** Draws rows at random until another would make more than `points` vectors; at least one row. */
export const drawItems = (
  { rows, modalities }: Pick<Embeddings, 'rows' | 'modalities'>,
  { points, seed }: { points: number; seed: number },
): Drawn => {
  const sizes = Int32Array.from({ length: rows }, (_, row) =>
    Object.values(modalities).reduce((sum, column) => sum + vectorsOf(column, row), 0),
  )
  if (sizes.reduce((sum, size) => sum + size, 0) <= points) return { drawn: rows, of: rows }
  const next = randomBits(seed, 4)
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  const selection = new Uint8Array(rows)
  let total = 0
  let drawn = 0
  for (let i = 0; i < rows; i++) {
    const j = i + Math.floor((next() / 2 ** 32) * (rows - i))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
    total += sizes[order[i]!]!
    if (total > points && drawn > 0) break
    selection[order[i]!] = 1
    drawn++
  }
  return { selection, drawn, of: rows }
}

const vectorsOf = (column: ModalityColumn, row: number): number => {
  if (!column.present[row]) return 0
  return column.layout === 'views' ? column.offsets[row + 1]! - column.offsets[row]! : 1
}
