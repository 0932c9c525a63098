import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { type Block, blocksOf } from './blocks.js'
import { type Bias, pairLogSumExp } from './pair-log-sum-exp.js'
import { ABSENT, cellsOf, meanOfPresent, type Relation } from './relation.js'

/**
 * InfoNCE(U, V; s, Y) = 1/2 [CE(s U V^T, rowP(Y)) + CE(s V U^T, rowP(Y^T))] (METHODS 0).
 *
 * U, V: unit rows (B, d); s: scalar. Rows that lack a modality neither ask nor answer. With several
 * positives the target is spread evenly over them.
 */
export function infoNce(u: Tensor2D, v: Tensor2D, s: Tensor, relation: Relation): Tensor {
  const scaled = tf.mul(u, s) as Tensor2D
  const sums = pairLogSumExp(scaled, v, biasOf(relation))
  const matches = positiveLogits(scaled, v, relation)
  const forward = meanOfPresent(tf.sub(sums.rows, matches.rows), relation)
  const backward = meanOfPresent(tf.sub(sums.columns, matches.columns), relation)
  return tf.mul(tf.add(forward, backward), 0.5)
}

/** Absent rows get a bias in their column for the rows, and in their row for the columns. */
function biasOf({ present }: Relation): Bias | undefined {
  if (!present) return undefined
  const bias = tf.mul(tf.sub(1, present), ABSENT) as Tensor1D
  return { rows: bias, columns: bias }
}

/** sum_j P_ij L_ij with P = Y over its row sums, and the same for columns; (B) each. */
function positiveLogits(
  u: Tensor2D,
  v: Tensor2D,
  relation: Relation,
): { rows: Tensor; columns: Tensor } {
  if (!relation.groups) {
    const own = tf.sum(tf.mul(u, v), 1)
    return { rows: own, columns: own }
  }
  // Y is symmetric: rows of one group are positives of one another in both directions. So the mean
  // logit with the positives is the product with the mean embedding of the positives.
  const blocks = blocksOf(u.shape[0], v.shape[0])
  const means = (x: Tensor2D): Tensor =>
    tf.concat(blocks.map(block => meanOfMatches(x, relation, block)))
  return {
    rows: tf.sum(tf.mul(u, means(v)), 1),
    columns: tf.sum(tf.mul(means(u), v), 1),
  }
}

/** The mean of the positives of each row of a block, (block, d). */
function meanOfMatches(x: Tensor2D, relation: Relation, block: Block): Tensor2D {
  const { matches } = cellsOf(relation, x.shape[0], block)
  const counts = tf.maximum(tf.sum(matches, 1, true), 1)
  return tf.div(tf.matMul(matches, x), counts)
}
