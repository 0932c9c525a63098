import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { logSumExp } from '../../engine/ops/log-sum-exp.js'
import { ABSENT, meanOfPresent, positives, type Relation } from './relation.js'

/**
 * InfoNCE(U, V; s, Y) = 1/2 [CE(s U V^T, rowP(Y)) + CE(s V U^T, rowP(Y^T))] (METHODS 0).
 *
 * U, V: unit rows (B, d); s: scalar. Rows that lack a modality neither ask nor answer. With several
 * positives the target is spread evenly over them.
 */
export function infoNce(u: Tensor2D, v: Tensor2D, s: Tensor, relation: Relation): Tensor {
  const logits = tf.mul(tf.matMul(u, v, false, true), s) as Tensor2D
  const masked = relation.present ? biased(logits, relation) : logits
  const forward = tf.sub(logSumExp(masked, 1), positiveLogit(u, v, s, logits, relation, 1))
  const backward = tf.sub(logSumExp(masked, 0), positiveLogit(u, v, s, logits, relation, 0))
  return tf.mul(tf.add(meanOfPresent(forward, relation), meanOfPresent(backward, relation)), 0.5)
}

/** Absent rows get a bias in their column for the rows, and in their row for the columns. */
function biased(logits: Tensor2D, { present }: Relation): Tensor2D {
  const bias = tf.mul(tf.sub(1, present!), ABSENT)
  return tf.add(tf.add(logits, tf.expandDims(bias, 0)), tf.expandDims(bias, 1))
}

/** sum_j P_ij L_ij, P = Y over its row sums (axis 1) or column sums (axis 0); (B). */
function positiveLogit(
  u: Tensor2D,
  v: Tensor2D,
  s: Tensor,
  logits: Tensor2D,
  relation: Relation,
  axis: 0 | 1,
): Tensor {
  if (!relation.groups) return tf.mul(tf.sum(tf.mul(u, v), 1), s)
  const y = positives(relation, u.shape[0])
  const counts = tf.maximum(tf.sum(y, axis), 1)
  return tf.div(tf.sum(tf.mul(y, logits), axis), counts)
}
