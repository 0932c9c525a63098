import { type Tensor, tf } from '../tf.js'

/**
 * Gradients of a scalar function by all its arguments, for use inside the gradient function of a
 * tf.customGrad. TensorFlow.js has one tape, and forgets the outer one when an inner gradient ends;
 * it is put back here.
 */
export function innerGradients(
  f: (...tensors: Tensor[]) => Tensor,
  at: readonly Tensor[],
  dy: Tensor,
): Tensor[] {
  const { state } = tf.engine()
  const outer = state.activeTape
  try {
    return tf.grads(f as never)([...at], dy)
  } finally {
    state.activeTape = outer
  }
}
