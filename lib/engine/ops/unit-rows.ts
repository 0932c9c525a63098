import { type Tensor, tf } from '../tf.js'

/**
 * Rows with norm 1: x * rsqrt(max(sum x^2, eps^2)), eps 1e-12 squared up to the smallest normal
 * float32. Unlike x / max(norm, eps) its gradient at zero is finite, so that a row which is masked
 * away afterwards does not spoil the others (METHODS 0).
 */
export function unitRows<T extends Tensor>(x: T): T {
  const squares = tf.sum(tf.square(x), -1, true)
  return tf.mul(x, tf.rsqrt(tf.maximum(squares, 1e-24))) as T
}
