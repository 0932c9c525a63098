import { type Tensor, type Tensor2D, tf } from '../tf.js'

/**
 * Sorts along the last axis, largest first, with a gradient: the permutation undone. TensorFlow.js
 * has none for TopK. Among equals the lower index comes first.
 */
export function sortDescending<T extends Tensor>(x: T): T {
  return tf.customGrad((x: unknown, save: unknown) => {
    const given = x as T
    const n = given.shape.at(-1)!
    const { values, indices } = tf.topk(given, n, true)
    ;(save as (tensors: Tensor[]) => void)([indices])
    return { value: values, gradFunc: (dy: Tensor, saved: Tensor[]) => unsort(dy, saved[0]!) }
  })(x) as T
}

/** Puts dy back where the sorted values came from: element indices[i] receives dy[i]. */
function unsort(dy: Tensor, indices: Tensor): Tensor {
  const n = dy.shape.at(-1)!
  const rows = dy.size / n
  const order = tf.reshape(indices, [rows, n])
  const back = tf.topk(tf.neg(tf.cast(order, 'float32')), n, true).indices
  const first = tf.expandDims(tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(n, 'int32')), 1)
  const flat = tf.reshape(tf.add(back, first), [-1])
  return tf.reshape(tf.gather(tf.reshape(dy as Tensor2D, [-1]), flat), dy.shape)
}
