import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import type { Parameters } from '../heads/head.js'
import { linear } from '../heads/layers.js'
import { maskedSoftmax } from '../poolings/mask.js'

/** Rows of many sequences, one after the other: (items * tokens, width). */
export interface Rows {
  x: Tensor2D
  tokens: number
}

/**
 * Multi-head attention (Vaswani et al. 2017): every row asks the rows of the same item in `to`, of
 * which the mask (items, tokens) says which there are.
 */
export function attend(
  from: Rows,
  to: Rows,
  mask: Tensor,
  p: Parameters,
  name: string,
  heads: number,
): Tensor2D {
  const [rows, width] = from.x.shape
  const items = rows / from.tokens
  const split = ({ x, tokens }: Rows, part: string): Tensor =>
    tf.transpose(
      tf.reshape(linear(x, p, `${name}.${part}`), [items, tokens, heads, width / heads]),
      [0, 2, 1, 3],
    )
  const [q, k, v] = [split(from, 'query'), split(to, 'key'), split(to, 'value')]
  const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(width / heads))
  const shares = maskedSoftmax(scores, tf.reshape(mask, [items, 1, 1, to.tokens]))
  const together = tf.transpose(tf.matMul(shares, v), [0, 2, 1, 3])
  return linear(tf.reshape(together, [rows, width]), p, `${name}.out`)
}
