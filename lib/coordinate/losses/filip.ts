import { largest } from '../../engine/ops/largest.js'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../engine/tf.js'
import type { Tokens } from '../forward.js'
import { onlyWhere } from '../poolings/mask.js'
import { rowsOf } from './blocks.js'
import { absentBias, crossEntropy, presenceOf } from './cross-entropy.js'
import { meanOverPairs } from './loss.js'
import { cellsOf, type Relation } from './relation.js'
import { term } from './term.js'
import { tokensOf } from './tokens-of.js'

/**
 * s(X, T) = (1/n_x) sum_k max_r <x_k, t_r> for every item of x against every item of y, (Bx, By): the
 * mean over the tokens of the one of their best match among those of the other (METHODS 3.9). Tokens
 * have norm 1; padding is left out on both sides.
 */
export function lateInteraction(x: Tokens, y: Tokens): Tensor2D {
  const [rows, own, dim] = x.values.shape
  const [columns, others] = y.values.shape
  const flat = tf.matMul(
    tf.reshape(x.values, [rows * own, dim]),
    tf.reshape(y.values, [columns * others, dim]),
    false,
    true,
  )
  const cosines = tf.reshape(flat, [rows, own, columns, others])
  const best = largest(onlyWhere(cosines, tf.reshape(y.mask, [1, 1, columns, others])), 3)
  const sum = tf.sum(tf.mul(best, tf.expandDims(x.mask, 2)), 1)
  return tf.div(sum, tf.sum(x.mask, 1, true)) as Tensor2D
}

/** CE(s S, rowP(Y)) by the similarities of x with y. */
function direction(x: Tokens, y: Tokens, s: Tensor, relation: Relation): Tensor {
  const [size, own] = x.values.shape
  const cells = own * size * y.values.shape[1]
  const there = presenceOf(relation, size)
  const logits = ([values, mask]: Tensor[], [all, allMask]: Tensor[]): Tensor =>
    tf.mul(
      lateInteraction(
        { values: values as Tensor3D, mask: mask as Tensor2D },
        { values: all as Tensor3D, mask: allMask as Tensor2D },
      ),
      s,
    )
  const sum = crossEntropy(cells, [x.values, x.mask], [y.values, y.mask], logits, block => {
    const { matches } = cellsOf(relation, size, block)
    const shares = tf.div(matches, tf.maximum(tf.sum(matches, 1, true), 1))
    return {
      shares: tf.mul(shares, tf.expandDims(rowsOf(there, block), 1)),
      ...absentBias(relation),
    }
  })
  return tf.div(sum, tf.maximum(tf.sum(there), 1))
}

export const filipTerm = term({
  summary: 'contrast by the best match of each token',
  source: 'FILIP (Yao et al. 2022)',
  about: `Items are compared token by token: the mean over the tokens of one of their best match among those of the other, which differs between the two directions. A modality without tokens has one. Its cost is that of all pairs of tokens in the batch. Embeddings stay the pooled ones, so that it shapes the tokens and a loss beside it the whole: --loss pcmc --term filip. pcm-rerank --score late searches by it, over the first that the embeddings find.`,
  temperature: true,
  alone: false,
  tokens: 'used',
  options: {},
  loss: () => scene =>
    meanOverPairs(scene, pair => {
      const [x, y] = [tokensOf(scene, pair.a), tokensOf(scene, pair.b)]
      const [s, relation] = [scene.scale(pair), scene.relation(pair)]
      return tf.mul(tf.add(direction(x, y, s, relation), direction(y, x, s, relation)), 0.5)
    }),
})
