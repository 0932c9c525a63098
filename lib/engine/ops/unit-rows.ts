import { type Tensor, tf } from '../tf.js'

/** Squared norm below which a row counts as this long: (1e-12)^2, still a normal float32. */
const SMALLEST = 1e-24

/**
 * Rows with norm 1: x * rsqrt(max(sum x^2, 1e-24)). Unlike x / max(norm, eps) its gradient at zero
 * is finite, so that a row which is masked away afterwards does not spoil the others (METHODS 0).
 * The gradient is given in closed form, (dy - y (dy . y)) / norm: half the passes.
 */
export function unitRows<T extends Tensor>(x: T): T {
  return tf.customGrad((x: unknown, save: unknown) => {
    const given = x as T
    const squares = tf.sum(tf.square(given), -1, true)
    const inverse = tf.rsqrt(tf.maximum(squares, SMALLEST))
    const unit = tf.mul(given, inverse)
    ;(save as (tensors: Tensor[]) => void)([unit, inverse])
    return { value: unit, gradFunc: unitGradient }
  })(x) as T
}

function unitGradient(dy: Tensor, saved: Tensor[]): Tensor {
  const [unit, inverse] = saved as [Tensor, Tensor]
  const along = tf.sum(tf.mul(dy, unit), -1, true)
  return tf.mul(tf.sub(dy, tf.mul(unit, along)), inverse)
}
