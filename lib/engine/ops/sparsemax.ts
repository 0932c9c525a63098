import { type Tensor, type Tensor2D, tf } from '../tf.js'

/** Steps of Newton's method, which is exact once it has the support: rarely after the eighth. */
const STEPS = 16

/**
 * Sparsemax over the last axis, (B, C): the point of the simplex nearest to z, most of whose numbers
 * are 0 (Martins and Astudillo 2016), max(z - t, 0) where t makes them sum to 1. That sum is convex
 * and piecewise linear in t, so that Newton's method from the left, t = max z - 1, never oversteps
 * and ends; sorting would take longer. The gradient is dy less its mean over the support.
 */
export const sparsemax = (z: Tensor2D): Tensor2D =>
  tf.customGrad((z: unknown, save: unknown) => {
    const given = z as Tensor2D
    let threshold: Tensor = tf.sub(tf.max(given, 1, true), 1)
    for (let step = 0; step < STEPS; step++) {
      const above = tf.relu(tf.sub(given, threshold))
      const count = tf.sum(tf.cast(tf.greater(above, 0), 'float32'), 1, true)
      const excess = tf.sub(tf.sum(above, 1, true), 1)
      threshold = tf.add(threshold, tf.div(excess, tf.maximum(count, 1)))
    }
    const value = tf.relu(tf.sub(given, threshold))
    ;(save as (tensors: Tensor[]) => void)([value])
    return { value, gradFunc: sparsemaxGradient }
  })(z) as Tensor2D

function sparsemaxGradient(dy: Tensor, saved: Tensor[]): Tensor {
  const support = tf.cast(tf.greater(saved[0]!, 0), 'float32')
  const on = tf.mul(dy, support)
  const mean = tf.div(tf.sum(on, 1, true), tf.sum(support, 1, true))
  return tf.sub(on, tf.mul(support, mean))
}
