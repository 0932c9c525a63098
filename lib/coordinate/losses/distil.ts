import { logSumExp } from '../../engine/ops/log-sum-exp.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { type Block, blocksOf, rowsOf } from './blocks.js'
import { crossEntropy, presenceOf, products } from './cross-entropy.js'
import { ABSENT, cellsOf, type Relation } from './relation.js'

/** Both sides of a pair as another model sees them, its logit scale in the first: (B, d'). */
export interface TeacherPair {
  scaled: Tensor2D
  others: Tensor2D
}

/** Which cells of a block the other model may speak of, (block, B) or (1, B), and which rows (block). */
export type Says = (logits: Tensor2D, block: Block) => { cells: Tensor; rows: Tensor }

/**
 * (1/B) sum_i w_i KL(softmax(T_i) || softmax(L_i)), T the logits of the teacher and L = s U V^T, over
 * the cells and rows that `says` names; absent rows have no weight. Nothing is learned through T.
 */
export function distil(
  u: Tensor2D,
  v: Tensor2D,
  s: Tensor,
  teacher: TeacherPair,
  relation: Relation,
  says: Says,
): Tensor {
  const size = u.shape[0]
  const there = presenceOf(relation, size)
  const targets = (block: Block) => {
    const logits = products([rowsOf(teacher.scaled, block)], [teacher.others])
    const { cells, rows } = says(logits, block)
    const bias = tf.mul(tf.sub(1, tf.mul(cells, tf.expandDims(there, 0))), ABSENT) as Tensor2D
    const biased = tf.add(logits, bias) as Tensor2D
    const log = tf.sub(biased, tf.expandDims(logSumExp(biased, 1), 1))
    const weights = tf.expandDims(tf.mul(rows, rowsOf(there, block)), 1)
    return { shares: tf.mul(tf.exp(log), weights), log, bias }
  }
  const cross = crossEntropy(size, [tf.mul(u, s)], [v], products, targets)
  const entropy = blocksOf(size, size)
    .map(block => {
      const { shares, log } = targets(block)
      // 0 log 0 is 0, and the log of what is left out is a very large number and no more.
      return tf.sum(tf.mul(shares, log))
    })
    .reduce((a, b) => tf.add(a, b))
  return tf.div(tf.add(cross, entropy), tf.maximum(tf.sum(there), 1))
}

/** 1 for the rows of a block whose best candidate, to the teacher, is a positive (block). */
export function rankedRight(logits: Tensor2D, relation: Relation, block: Block): Tensor1D {
  const { matches, rest } = cellsOf(relation, logits.shape[1], block)
  const best = (cells: Tensor2D): Tensor =>
    tf.max(tf.add(logits, tf.mul(tf.sub(1, cells), ABSENT)), 1)
  return tf.cast(tf.greater(best(matches), best(rest)), 'float32') as Tensor1D
}
