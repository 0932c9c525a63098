import { detach } from '../../engine/ops/detach.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'

/** A random number just below 1 would fall behind the last candidate when it is rounded. */
const BELOW_ONE = 1 - 2 ** -23

/** For every row the number of a column (B), float32, and 1 where the row has one to choose, else 0 (B). */
export interface Chosen {
  columns: Tensor1D
  some: Tensor1D
}

/**
 * Draws for each row of logits (B, C) one admissible column with probability proportional to its
 * softmax, by the numbers `drawn` from [0, 1), (B). Admissible (B, C) is 1 or 0; of a row without
 * any, column 0 is named and `some` is 0. Nothing is learned through it.
 */
export function drawColumns(logits: Tensor2D, admissible: Tensor2D, drawn: Tensor1D): Chosen {
  const cumulated = (given: Tensor): Tensor => {
    const weights = tf.mul(tf.softmax(given), admissible)
    // Weights that are too small to be told from none are still ones to choose.
    return tf.cumsum(tf.mul(tf.maximum(weights, 1e-20), admissible), 1)
  }
  const choose = (given: Tensor): Tensor => {
    const sums = cumulated(given)
    const [rows, columns] = sums.shape as [number, number]
    const total = tf.slice(sums, [0, columns - 1], [rows, 1])
    const wanted = tf.mul(total, tf.expandDims(tf.minimum(drawn, BELOW_ONE), 1))
    const before = tf.sum(tf.cast(tf.lessEqual(sums, wanted), 'int32'), 1)
    return tf.minimum(before, tf.scalar(columns - 1, 'int32'))
  }
  const some = tf.cast(tf.greater(tf.sum(admissible, 1), 0), 'float32') as Tensor1D
  const columns = detach(given => tf.cast(choose(given), 'float32'), logits)
  // A row without a choice has no sum that is reached: it names a column that is not looked at.
  return { columns: tf.mul(columns, some) as Tensor1D, some }
}
