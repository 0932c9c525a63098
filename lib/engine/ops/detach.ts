import { type Tensor, tf } from '../tf.js'

/**
 * f(x), with no gradient through it: targets of a teacher, masks, hard choices. It is more than a
 * gradient of zero, since what happens inside is never differentiated: TensorFlow.js has no gradient
 * of comparisons, and refuses a path that contains one even where nothing flows through it.
 */
export const detach = <T extends Tensor>(f: (x: T) => Tensor, x: T): Tensor =>
  tf.customGrad((given: unknown) => ({
    value: f(given as T),
    gradFunc: () => tf.zerosLike(given as T),
  }))(x)
