import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { logSumExp } from '../../engine/ops/log-sum-exp.js'
import { rowsOf } from './blocks.js'
import { absentBias, presenceOf, products } from './cross-entropy.js'
import { meanOverPairs } from './loss.js'
import { cellsOf, type Relation } from './relation.js'
import { sumOverBlocks } from './sum-over-blocks.js'
import { term } from './term.js'

/** Keeps log q finite where nothing is a match (IRRA; METHODS 3.4). */
const SMALLEST_SHARE = 1e-8

/**
 * Similarity distribution matching, one direction: mean_i KL(softmax(s S)_i || Y_i / sum Y_i), U and
 * V unit rows (B, d). Labels are divided by their row sums; released code divides columns.
 */
export function sdm(u: Tensor2D, v: Tensor2D, scale: number, relation: Relation): Tensor {
  const size = u.shape[0]
  const there = presenceOf(relation, size)
  const sum = sumOverBlocks(size, [tf.mul(u, scale)], [v], (rows, whole, block) => {
    const { matches } = cellsOf(relation, size, block)
    const { bias } = absentBias(relation)
    const made = products(rows, whole)
    const logits = bias ? tf.add(made, bias) : made
    const log = tf.sub(logits, tf.expandDims(logSumExp(logits, 1), 1))
    const wanted = tf.div(matches, tf.maximum(tf.sum(matches, 1, true), 1))
    const gap = tf.sub(log, tf.log(tf.add(wanted, SMALLEST_SHARE)))
    return tf.sum(tf.mul(rowsOf(there, block), tf.sum(tf.mul(tf.exp(log), gap), 1)))
  })
  return tf.div(sum, tf.maximum(tf.sum(there), 1))
}

export const sdmTerm = term({
  summary: 'similarity distribution matching: KL from softmax similarities to matches',
  source: 'IRRA (Jiang and Ye 2023)',
  about: `The reverse of cross-entropy: a missed positive costs less, and probability on a negative more, about 18 nats times its amount. Meant for several positives an item. Both directions are added, as in the paper.`,
  temperature: false,
  alone: true,
  options: {
    temperature: { type: 'number', default: 0.02, min: 0.001, max: 1, short: 'fixed temperature' },
  },
  loss:
    ({ temperature }) =>
    scene =>
      meanOverPairs(scene, pair => {
        const [u, v] = [scene.units[pair.a]!, scene.units[pair.b]!]
        const relation = scene.relation(pair)
        return tf.add(sdm(u, v, 1 / temperature, relation), sdm(v, u, 1 / temperature, relation))
      }),
})
