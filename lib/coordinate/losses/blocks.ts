import { type Tensor, tf } from '../../engine/tf.js'

/** Some rows of a batch: `size` of them from `first` on. */
export interface Block {
  first: number
  size: number
}

/** A similarity matrix up to this many cells (64 MB) is made at once; larger ones in blocks. */
const WHOLE = 2 ** 24
/** Cells of a block: 16 MB, so that what is read again is still near. */
const CELLS = 2 ** 22

/** Rows cut into blocks for a matrix of rows x columns: one block where it may be whole. */
export function blocksOf(rows: number, columns: number): Block[] {
  const size = rows * columns <= WHOLE ? rows : Math.max(1, Math.floor(CELLS / columns))
  const blocks: Block[] = []
  for (let first = 0; first < rows; first += size)
    blocks.push({ first, size: Math.min(size, rows - first) })
  return blocks
}

/** The rows of a block, along the first axis. */
export const rowsOf = <T extends Tensor>(x: T, { first, size }: Block): T =>
  tf.slice(x as Tensor, [first, ...x.shape.slice(1).map(() => 0)], [size, ...x.shape.slice(1)]) as T
