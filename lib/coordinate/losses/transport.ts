import { type Tensor, type Tensor1D, tf } from '../../engine/tf.js'
import type { Tokens } from '../forward.js'
import { maskedSoftmax } from '../poolings/mask.js'
import { meanOverPairs } from './loss.js'
import { meanOfPresent } from './relation.js'
import { term } from './term.js'
import { tokensOf } from './tokens-of.js'

/**
 * What it costs to carry the tokens of each item of x to those of the same item of y (METHODS 3.20), (B):
 * (1/n_x) sum_k sum_r p(r|k) (1 - <x_k, y_r>) with p(r|k) = softmax_r(<x_k, y_r> / temperature). Tokens
 * have norm 1; padding neither gives nor takes.
 */
export function carried(x: Tokens, y: Tokens, temperature: number): Tensor1D {
  const cosines = tf.matMul(x.values, y.values, false, true)
  const plan = maskedSoftmax(tf.div(cosines, temperature), tf.expandDims(y.mask, 1))
  const each = tf.sum(tf.mul(plan, tf.sub(1, cosines)), 2)
  const count = tf.maximum(tf.sum(x.mask, 1), 1)
  return tf.div(tf.sum(tf.mul(each, x.mask), 1), count)
}

export const transportTerm = term({
  summary: 'draw the tokens of one item to those of another modality that they are like',
  source: 'PatchCT (Li et al. 2023)',
  about: `What alignment is for embeddings, for their tokens: every token goes to the tokens of the same item on the other side, more to the more alike, and the mean cosine it lacks is what that costs; both ways. It compares no item with another, so that it costs little beside filip, and is nothing alone. Beside pcmc, where parts of one side belong to parts of the other. Reconstruction: the equations could not be read.`,
  temperature: false,
  alone: false,
  tokens: 'used',
  options: {
    temperature: {
      type: 'number',
      default: 0.1,
      min: 0.001,
      max: 10,
      short: 'how evenly a token is spread',
    },
  },
  loss:
    ({ temperature }) =>
    scene =>
      meanOverPairs(scene, pair => {
        const [x, y] = [tokensOf(scene, pair.a), tokensOf(scene, pair.b)]
        const cost: Tensor = tf.add(carried(x, y, temperature), carried(y, x, temperature))
        return meanOfPresent(tf.mul(cost, 0.5), scene.relation(pair))
      }),
})
