import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import type { Parameters } from './head.js'

/** x W + b, (B, inputs) -> (B, units). */
export const linear = (x: Tensor, p: Parameters, name: string): Tensor2D =>
  tf.add(tf.matMul(x, p[`${name}.weight`]!), p[`${name}.bias`]!)

/** x Phi(x), by the error function and not by its tanh approximation (Hendrycks and Gimpel 2016). */
export const gelu = <T extends Tensor>(x: T): T =>
  tf.customGrad((x: unknown, save: unknown) => {
    const given = x as T
    const share = tf.mul(tf.add(tf.erf(tf.mul(given, Math.SQRT1_2)), 1), 0.5)
    ;(save as (tensors: Tensor[]) => void)([given, share])
    return { value: tf.mul(given, share), gradFunc: geluGradient }
  })(x) as T

/** Phi(x) + x phi(x), closed so that the error function is not evaluated twice. */
function geluGradient(dy: Tensor, saved: Tensor[]): Tensor {
  const [x, share] = saved as [Tensor, Tensor]
  const density = tf.exp(tf.mul(tf.square(x), -0.5))
  const slope = tf.add(share, tf.mul(tf.mul(x, density), 1 / Math.sqrt(2 * Math.PI)))
  return tf.mul(dy, slope)
}

/** Norm over the units of each row, epsilon 1e-5 (Ba, Kiros and Hinton 2016). */
export const layerNorm = (x: Tensor2D, p: Parameters, name: string): Tensor2D =>
  tf.add(tf.mul(normed(x), p[`${name}.scale`]!), p[`${name}.shift`]!)

/** Rows with mean 0 and variance 1, y = (x - mean) / sqrt(variance + 1e-5). */
const normed = (x: Tensor2D): Tensor2D =>
  tf.customGrad((x: unknown, save: unknown) => {
    const given = x as Tensor2D
    const centred = tf.sub(given, tf.mean(given, 1, true))
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), 1e-5))
    const value = tf.mul(centred, inverse)
    ;(save as (tensors: Tensor[]) => void)([value, inverse])
    return { value, gradFunc: normedGradient }
  })(x) as Tensor2D

/** (dy - mean(dy) - y mean(dy y)) / sqrt(variance + 1e-5), closed: half the passes. */
function normedGradient(dy: Tensor, saved: Tensor[]): Tensor {
  const [y, inverse] = saved as [Tensor, Tensor]
  const along = tf.mean(tf.mul(dy, y), 1, true)
  const centred = tf.sub(dy, tf.mean(dy, 1, true))
  return tf.mul(tf.sub(centred, tf.mul(y, along)), inverse)
}

export const dropout = <T extends Tensor>(x: T, mask: Tensor | undefined): T =>
  mask ? (tf.mul(x, mask) as T) : x
