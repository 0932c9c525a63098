import { type Tensor, tf } from '../tf.js'

/**
 * The largest value along one axis. Its gradient is shared evenly among equals, where that of
 * TensorFlow.js gives each of them all of it: a word that stands twice in a sentence is such a tie.
 */
export const largest = (x: Tensor, axis: number): Tensor =>
  tf.customGrad((x: unknown, save: unknown) => {
    const given = x as Tensor
    const value = tf.max(given, axis, true)
    ;(save as (tensors: Tensor[]) => void)([given, value])
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
      const [given, value] = saved as [Tensor, Tensor]
      const ties = tf.cast(tf.equal(given, value), 'float32')
      return tf.mul(tf.div(ties, tf.sum(ties, axis, true)), tf.expandDims(dy, axis))
    }
    return { value: tf.squeeze(value, [axis]), gradFunc }
  })(x)
