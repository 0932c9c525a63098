import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { type Block, rowsOf } from './blocks.js'

/**
 * Which rows of a batch are positives of one another in one pair of modalities, and which rows
 * take part. What is absent costs nothing: a batch of unique, complete items needs no B x B mask.
 */
export interface Relation {
  /** Group of each row (B), int32; rows of one group are positives of one another. Absent: Y = I. */
  groups?: Tensor1D
  /** 1 where the row has both modalities, else 0 (B). Absent: all rows have both. */
  present?: Tensor1D
}

/** Added to the similarity with an absent row: finite, since a row of -inf has no softmax. */
export const ABSENT = -1e9

/** Cells of a block of rows against all rows, (block, B) each, 1 or 0; others take no part. */
export interface Cells {
  /** Y: both rows take part and are positives. */
  matches: Tensor2D
  /** Both take part and are no positives. */
  rest: Tensor2D
}

/** The cells of a block of rows; B rows in all. */
export function cellsOf({ groups, present }: Relation, size: number, block: Block): Cells {
  const ids = groups ?? tf.range(0, size, 1, 'int32')
  const same = tf.cast(
    tf.equal(tf.expandDims(rowsOf(ids, block), 1), tf.expandDims(ids, 0)),
    'float32',
  ) as Tensor2D
  if (!present) return { matches: same, rest: tf.sub(1, same) }
  const there = tf.mul(tf.expandDims(rowsOf(present, block), 1), tf.expandDims(present, 0))
  const matches = tf.mul(same, there) as Tensor2D
  return { matches, rest: tf.sub(there, matches) }
}

/** Mean over the rows that take part; a sum over none is 0. */
export function meanOfPresent(rows: Tensor, { present }: Relation): Tensor {
  if (!present) return tf.mean(rows)
  return tf.div(tf.sum(tf.mul(rows, present)), tf.maximum(tf.sum(present), 1))
}

/** 1 where a pair has at least two rows to compare, else 0: fewer teach nothing (METHODS 1.5). */
export const active = ({ present }: Relation): Tensor =>
  present ? tf.cast(tf.greaterEqual(tf.sum(present), 2), 'float32') : tf.scalar(1)
