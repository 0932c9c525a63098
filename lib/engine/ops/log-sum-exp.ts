import { type Tensor, tf } from '../tf.js'

/**
 * log sum exp along one axis, (B, C) -> (B) or (C), with the maximum taken out. Its gradient is the
 * softmax, given here in closed form: differentiating through the maximum would compare every
 * element with it once more.
 */
export function logSumExp(x: Tensor, axis: 0 | 1): Tensor {
  return tf.customGrad((x: unknown, save: unknown) => {
    const given = x as Tensor
    const largest = tf.max(given, axis, true)
    const powers = tf.exp(tf.sub(given, largest))
    const sums = tf.sum(powers, axis, true)
    ;(save as (tensors: Tensor[]) => void)([powers, sums])
    const value = tf.squeeze(tf.add(tf.log(sums), largest), [axis])
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [powers, sums] = saved as [Tensor, Tensor]
        return tf.mul(powers, tf.div(tf.expandDims(dy, axis), sums))
      },
    }
  })(x)
}
