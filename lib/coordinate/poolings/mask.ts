import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'

/** 1 for the first n tokens of each item, else 0: lengths (B), int32, to (B, L). */
export const maskOf = (lengths: Tensor1D, tokens: number): Tensor2D =>
  tf.cast(
    tf.less(tf.expandDims(tf.range(0, tokens, 1, 'int32'), 0), tf.expandDims(lengths, 1)),
    'float32',
  ) as Tensor2D

/** Added to what is no candidate: finite, since a row of -inf has no softmax. */
const NOTHING = -1e9

/** x where the mask is 1, and far below everything elsewhere; the mask broadcasts. */
export const onlyWhere = <T extends Tensor>(x: T, mask: Tensor): T =>
  tf.add(x, tf.mul(tf.sub(1, mask), NOTHING)) as T

/** Softmax over the last axis of what is there. */
export const maskedSoftmax = <T extends Tensor>(logits: T, mask: Tensor): T =>
  tf.softmax(onlyWhere(logits, mask))
