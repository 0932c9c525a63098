import { type Tensor, tf } from '../../engine/tf.js'

/** Cosines are kept this far from 1 and -1, where the angle has no slope (METHODS 5, pitfall 15). */
const EDGE = 1e-6

/**
 * The point at share r of the way from b to a on the great circle through them, for unit rows (B, d)
 * and a scalar r: sin(r t)/sin(t) a + sin((1 - r) t)/sin(t) b, t their angle; so geo(a, b; 1) = a.
 * (Oh et al. 2023; METHODS 3.2.)
 */
export function geodesic<T extends Tensor>(a: T, b: T, r: Tensor): T {
  const cosine = tf.clipByValue(tf.sum(tf.mul(a, b), 1, true), EDGE - 1, 1 - EDGE)
  const angle = tf.acos(cosine)
  const sine = tf.sin(angle)
  const share = (of: Tensor): Tensor => tf.div(tf.sin(tf.mul(angle, of)), sine)
  return tf.add(tf.mul(a, share(r)), tf.mul(b, share(tf.sub(1, r)))) as T
}
