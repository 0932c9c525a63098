import { type Tensor, tf } from '../engine/tf.js'

export const BETA1 = 0.9
export const BETA2 = 0.999
export const EPSILON = 1e-8

/**
 * What changes from step to step, as scalars that enter the graph as inputs. The moments are kept
 * as sums, m / (1 - beta1) and v / (1 - beta2): two passes over all parameters less; the constants
 * go into `slope` and `epsilon`.
 */
export interface AdamwStep {
  /** What the weights are multiplied by: 1 - rate * decay. */
  keep: number
  /** What m / (sqrt(v) + epsilon) is multiplied by. */
  slope: number
  epsilon: number
}

/** The scalars of step t, counted from 1. */
export function adamwStep(t: number, rate: number, decay: number): AdamwStep {
  const deviation = Math.sqrt((1 - BETA2) / (1 - BETA2 ** t))
  return {
    keep: 1 - rate * decay,
    slope: (rate * (1 - BETA1)) / (1 - BETA1 ** t) / deviation,
    epsilon: EPSILON / deviation,
  }
}

export interface Moments {
  weights: Tensor
  first: Tensor
  second: Tensor
}

/**
 * One step of AdamW on a tensor (Loshchilov and Hutter 2019, algorithm 2, with PyTorch's order
 * of operations): decay first, then w -= rate m^ / (sqrt(v^) + epsilon).
 */
export function adamw(
  { weights, first, second }: Moments,
  gradient: Tensor,
  step: Record<keyof AdamwStep, Tensor>,
): Moments {
  const m = tf.add(tf.mul(first, BETA1), gradient)
  const v = tf.add(tf.mul(second, BETA2), tf.square(gradient))
  const direction = tf.div(m, tf.add(tf.sqrt(v), step.epsilon))
  const moved = tf.sub(tf.mul(weights, step.keep), tf.mul(direction, step.slope))
  return { weights: moved, first: m, second: v }
}

/**
 * The factor that brings the norm of all gradients together down to `largest` where it is above;
 * PyTorch's clip_grad_norm_. Scalar.
 */
export function clipFactor(gradients: readonly Tensor[], largest: number): Tensor {
  const squares = gradients.map(g => tf.sum(tf.square(g))).reduce((a, b) => tf.add(a, b))
  return tf.minimum(tf.div(largest, tf.add(tf.sqrt(squares), 1e-6)), 1)
}
