import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'

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

/** Y (B, B): 1 where row i and row j are positives and both take part. */
export function positives({ groups, present }: Relation, size: number): Tensor2D {
  const same = groups
    ? tf.cast(tf.equal(tf.expandDims(groups, 1), tf.expandDims(groups, 0)), 'float32')
    : tf.eye(size)
  return (present ? tf.mul(same, both(present)) : same) as Tensor2D
}

/** (B, B): 1 where row i and row j both take part. */
export const both = (present: Tensor1D): Tensor2D =>
  tf.mul(tf.expandDims(present, 1), tf.expandDims(present, 0))

/** Mean over the rows that take part; a sum over none is 0. */
export function meanOfPresent(rows: Tensor, { present }: Relation): Tensor {
  if (!present) return tf.mean(rows)
  return tf.div(tf.sum(tf.mul(rows, present)), tf.maximum(tf.sum(present), 1))
}

/** 1 where a pair has at least two rows to compare, else 0: fewer teach nothing (METHODS 1.5). */
export const active = ({ present }: Relation): Tensor =>
  present ? tf.cast(tf.greaterEqual(tf.sum(present), 2), 'float32') : tf.scalar(1)
