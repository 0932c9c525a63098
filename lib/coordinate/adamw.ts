import { type Tensor, type Tensor1D, tf } from '../engine/tf.js'

export const BETA1 = 0.9
export const BETA2 = 0.999
export const EPSILON = 1e-8

/** What changes from step to step, all scalars that enter the graph as inputs. */
export interface AdamwStep {
  /** Learning rate of this step. */
  rate: Tensor
  /** 1 / (1 - beta1^t) and 1 / sqrt(1 - beta2^t), t counted from 1. */
  correction1: Tensor
  correction2: Tensor
}

export interface Moments {
  weights: Tensor
  first: Tensor
  second: Tensor
}

/** The corrections of step t, counted from 1. */
export const corrections = (t: number): { correction1: number; correction2: number } => ({
  correction1: 1 / (1 - BETA1 ** t),
  correction2: 1 / Math.sqrt(1 - BETA2 ** t),
})

/**
 * One step of AdamW on a flat vector (Loshchilov and Hutter 2019, algorithm 2, with PyTorch's order
 * of operations): decay first, then w -= rate m^ / (sqrt(v^) + epsilon).
 */
export function adamw(
  { weights, first, second }: Moments,
  gradient: Tensor,
  { rate, correction1, correction2 }: AdamwStep,
  decay: number,
): Moments {
  const m = tf.add(tf.mul(first, BETA1), tf.mul(gradient, 1 - BETA1))
  const v = tf.add(tf.mul(second, BETA2), tf.mul(tf.square(gradient), 1 - BETA2))
  const slope = tf.div(m, tf.add(tf.mul(tf.sqrt(v), correction2), EPSILON))
  const kept = decay === 0 ? weights : tf.mul(weights, tf.sub(1, tf.mul(rate, decay)))
  return {
    weights: tf.sub(kept, tf.mul(slope, tf.mul(rate, correction1))),
    first: m,
    second: v,
  }
}

/**
 * The factor that brings the norm of all gradients together down to `largest` where it is above;
 * PyTorch's clip_grad_norm_. Scalar.
 */
export function clipFactor(gradients: Tensor1D[], largest: number): Tensor {
  const squares = gradients.map(g => tf.sum(tf.square(g))).reduce((a, b) => tf.add(a, b))
  return tf.minimum(tf.div(largest, tf.add(tf.sqrt(squares), 1e-6)), 1)
}
