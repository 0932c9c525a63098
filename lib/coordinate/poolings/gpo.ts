import { sortDescending } from '../../engine/ops/sort.js'
import { type Tensor2D, tf } from '../../engine/tf.js'
import type { Parameters } from '../heads/head.js'
import { gruParameters, gruStep } from './gru.js'
import { maskedSoftmax } from './mask.js'
import type { Pooling } from './pooling.js'

const WIDTH = 32
const TEMPERATURE = 0.1
/** What padding counts as when values are sorted: below every feature. */
const LAST = -10000

/**
 * Generalised pooling (METHODS 2.1): a weighted sum over the values of each dimension from the
 * largest to the smallest. The weights are made of nothing but the number of tokens: all of them on
 * the first is the maximum, equal ones are the mean.
 */
export const gpoPooling: Pooling = {
  summary: 'a learned mean of the sorted values of each dimension',
  source: 'VSE-infinity (Chen et al. 2021)',
  about: `Learns what lies between mean and max: how much the largest values of each dimension count, the second largest, and so on, by the number of tokens and not by their content. For sets, such as the regions of a picture.`,
  parameters: () => [
    ...gruParameters('forward', WIDTH, WIDTH),
    ...gruParameters('backward', WIDTH, WIDTH),
    { name: 'score', shape: [WIDTH, 1], initial: { fanIn: WIDTH }, decay: true },
  ],
  pool(x, mask, p) {
    const column = tf.expandDims(mask, 2)
    const padded = tf.add(tf.mul(x, column), tf.mul(tf.sub(1, column), LAST))
    const sorted = sortDescending(tf.transpose(padded, [0, 2, 1]))
    const count = tf.cast(tf.sum(mask, 1), 'int32')
    const weights = tf.gather(coefficients(x.shape[1], p), tf.sub(count, tf.scalar(1, 'int32')))
    return tf.sum(tf.mul(sorted, tf.expandDims(weights, 1)), 2)
  },
}

/** Row n - 1 holds the weights of n tokens, (L, L); what is beyond n is 0. */
export function coefficients(tokens: number, p: Parameters): Tensor2D {
  const positions = Array.from({ length: tokens }, (_, at) => encoding(at))
  let forward: Tensor2D = tf.zeros([1, WIDTH])
  const there = positions.map(x => (forward = gruStep(x, forward, p, 'forward')))
  let backward: Tensor2D = tf.zeros([tokens, WIDTH])
  const back: Tensor2D[] = []
  for (let at = tokens - 1; at >= 0; at--) {
    // From the end of its own sequence on: until then a row stays at zero.
    const begun = Array.from({ length: tokens }, (_, row) => Number(row >= at))
    const next = gruStep(positions[at]!, backward, p, 'backward')
    backward = tf.mul(next, tf.tensor2d(begun, [tokens, 1]))
    back[at] = backward
  }
  const scores = there.map((h, at) =>
    tf.matMul(tf.mul(tf.add(h, back[at]!), 0.5) as Tensor2D, p.score as Tensor2D),
  )
  const inside = Array.from({ length: tokens ** 2 }, (_, i) =>
    Number(i % tokens <= Math.floor(i / tokens)),
  )
  const mask = tf.tensor2d(inside, [tokens, tokens])
  return maskedSoftmax(tf.div(tf.concat(scores, 1), TEMPERATURE), mask) as Tensor2D
}

/** Sines and cosines of a position, (1, 32). */
const encoding = (at: number): Tensor2D =>
  tf.tensor2d(
    Array.from({ length: WIDTH }, (_, k) => {
      const angle = at * 10000 ** (-(k - (k % 2)) / WIDTH)
      return k % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
    }),
    [1, WIDTH],
  )
