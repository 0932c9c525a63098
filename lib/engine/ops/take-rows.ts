import { type Tensor, type Tensor1D, tf } from '../tf.js'

/**
 * The chosen rows of x along its first axis, by numbers that were computed and not given: float32,
 * since TensorFlow.js has no gradient that stops at integers. Nothing is learned through the choice.
 */
export const takeRows = <T extends Tensor>(x: T, rows: Tensor1D): T =>
  tf.customGrad((...args: unknown[]) => {
    const [x, rows, save] = args as [Tensor, Tensor1D, (tensors: Tensor[]) => void]
    save([rows])
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const places = tf.cast(saved[0]!, 'int32') as Tensor1D
      return [tf.unsortedSegmentSum(dy, places, x.shape[0]!), tf.zerosLike(saved[0]!)]
    }
    return { value: tf.gather(x, tf.cast(rows, 'int32')), gradFunc: gradFunc as never }
  })(x, rows) as T
