import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { type Block, blocksOf } from './blocks.js'
import { type Bias, pairLogSumExp } from './pair-log-sum-exp.js'
import { ABSENT, cellsOf, meanOfPresent, type Relation } from './relation.js'

/**
 * InfoNCE(U, V; s, Y) = 1/2 [CE(s U V^T, rowP(Y)) + CE(s V U^T, rowP(Y^T))] (METHODS 0).
 *
 * U, V: unit rows (B, d); s: scalar. Rows that lack a modality neither ask nor answer. With several
 * positives the target is spread evenly over them. `smoothing` takes that share of every target away
 * and spreads it over all rows (label smoothing; Jia et al. 2021, ALIGN).
 */
export function infoNce(
  u: Tensor2D,
  v: Tensor2D,
  s: Tensor,
  relation: Relation,
  smoothing = 0,
): Tensor {
  const scaled = tf.mul(u, s) as Tensor2D
  const sums = pairLogSumExp(scaled, v, biasOf(relation))
  const matches = smoothed(positiveLogits(scaled, v, relation), scaled, v, relation, smoothing)
  const forward = meanOfPresent(tf.sub(sums.rows, matches.rows), relation)
  const backward = meanOfPresent(tf.sub(sums.columns, matches.columns), relation)
  return tf.mul(tf.add(forward, backward), 0.5)
}

/** The mean logit of the targets: 1 - smoothing of the positives, smoothing of all rows. */
function smoothed(
  positives: { rows: Tensor; columns: Tensor },
  u: Tensor2D,
  v: Tensor2D,
  relation: Relation,
  smoothing: number,
): { rows: Tensor; columns: Tensor } {
  if (smoothing === 0) return positives
  const mix = (positive: Tensor, x: Tensor2D, others: Tensor2D): Tensor =>
    tf.add(
      tf.mul(positive, 1 - smoothing),
      tf.mul(tf.sum(tf.mul(x, meanRow(others, relation)), 1), smoothing),
    )
  return { rows: mix(positives.rows, u, v), columns: mix(positives.columns, v, u) }
}

/** The mean of the rows that take part, (1, d). */
function meanRow(x: Tensor2D, { present }: Relation): Tensor {
  if (!present) return tf.mean(x, 0, true)
  const sum = tf.sum(tf.mul(x, tf.expandDims(present, 1)), 0, true)
  return tf.div(sum, tf.maximum(tf.sum(present), 1))
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
