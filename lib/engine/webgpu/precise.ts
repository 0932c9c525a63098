import { type Tensor, tf } from '../tf.js'

/**
 * Functions that WGSL leaves imprecise (its sine may be off by 2^-11, its logarithm near 1 has few
 * good digits), from operations that it does not. Relative errors of about 1e-7, over (-1e4, 1e4)
 * for the circular ones.
 */
export const sin = (x: Tensor): Tensor => circular(x, 0)

export const cos = (x: Tensor): Tensor => circular(x, 1)

export const tan = (x: Tensor): Tensor => tf.div(sin(x), cos(x))

/** e^x - 1: a series where the difference would lose digits. */
export const expm1 = (x: Tensor): Tensor => {
  const near = tf.clipByValue(x, -0.5, 0.5)
  const series = tf.mul(
    near,
    polynomial(near, [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040]),
  )
  return tf.where(tf.less(tf.abs(x), 0.5), series, tf.sub(tf.exp(x), 1))
}

/** log(1 + x) = 2 artanh(x / (2 + x)): a series where the sum would lose digits. */
export const log1p = (x: Tensor): Tensor => {
  const near = tf.clipByValue(x, -0.35, 0.5)
  const s = tf.div(near, tf.add(near, 2))
  const series = tf.mul(s, polynomial(tf.square(s), [2, 2 / 3, 2 / 5, 2 / 7, 2 / 9]))
  const small = tf.logicalAnd(tf.greater(x, -0.35), tf.less(x, 0.5))
  return tf.where(small, series, tf.log(tf.add(x, 1)))
}

/** pi / 2 in three parts, the first two short enough that a multiple of each is exact. */
const HALF_PI = [1.5703125, 4.83751296997e-4, 7.5497899548e-8] as const

/** sin(x + quarters * pi / 2), by the quarter of the circle that x lies in. */
function circular(x: Tensor, quarters: number): Tensor {
  const turns = tf.round(tf.mul(x, 2 / Math.PI))
  const rest = HALF_PI.reduce<Tensor>((left, part) => tf.sub(left, tf.mul(turns, part)), x)
  const square = tf.square(rest)
  const sine = tf.mul(rest, polynomial(square, [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880]))
  const cosine = polynomial(square, [1, -1 / 2, 1 / 24, -1 / 720, 1 / 40320])
  const quarter = tf.sub(
    tf.add(turns, quarters),
    tf.mul(tf.floor(tf.div(tf.add(turns, quarters), 4)), 4),
  )
  const odd = tf.equal(tf.abs(tf.sub(quarter, 2)), 1)
  const value = tf.where(odd, cosine, sine)
  return tf.where(tf.greater(quarter, 1.5), tf.neg(value), value)
}

/** c0 + c1 x + c2 x^2 + ..., innermost first. */
const polynomial = (x: Tensor, coefficients: readonly number[]): Tensor =>
  coefficients
    .slice(0, -1)
    .reduceRight<Tensor>(
      (sum, c) => tf.add(tf.mul(sum, x), c),
      tf.fill(x.shape, coefficients.at(-1)!),
    )
