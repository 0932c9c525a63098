import { detach } from '../../engine/ops/detach.js'
import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { rowsOf } from './blocks.js'
import { absentBias, crossEntropy, matching, presenceOf, products } from './cross-entropy.js'
import { meanOverPairs } from './loss.js'
import type { Relation } from './relation.js'
import { term } from './term.js'

export const CWCL_KERNELS = ['linear', 'exp'] as const
export type CwclKernel = (typeof CWCL_KERNELS)[number]

/** Temperature of the sharper kernel. */
const SHARPNESS = 0.1

/**
 * Continuously weighted contrastive loss. P is learned, Q is what to trust, unit rows (B, d):
 * - p > q: -(1/B) sum_i (1/sum_j w_ij) sum_j w_ij lsm(s P Q^T)_ij, w_ij = <q_i, q_j>/2 + 1/2, or
 *   exp((<q_i, q_j> - 1)/0.1), which tells apart what lies in a narrow cone;
 * - q > p: the plain InfoNCE half;
 * the mean of both. Nothing is learned through the weights.
 */
export function cwcl(
  p: Tensor2D,
  q: Tensor2D,
  s: Tensor,
  kernel: CwclKernel,
  relation: Relation,
): Tensor {
  const size = p.shape[0]
  const there = presenceOf(relation, size)
  const trusted = detach(x => tf.clone(x), q) as Tensor2D
  const soft = crossEntropy(size, [tf.mul(p, s)], [q], products, block => {
    const near = tf.matMul(rowsOf(trusted, block), trusted, false, true)
    const weights =
      kernel === 'linear'
        ? tf.add(tf.mul(near, 0.5), 0.5)
        : tf.exp(tf.div(tf.sub(near, 1), SHARPNESS))
    const taking = tf.mul(weights, tf.expandDims(there, 0))
    const shares = tf.div(taking, tf.maximum(tf.sum(taking, 1, true), 1e-12))
    return {
      shares: tf.mul(shares, tf.expandDims(rowsOf(there, block), 1)),
      ...absentBias(relation),
    }
  })
  const mean = tf.div(soft, tf.maximum(tf.sum(there), 1))
  return tf.mul(tf.add(mean, matching(q, tf.mul(p, s), relation)), 0.5)
}

export const cwclTerm = term({
  summary: 'contrastive, with targets as soft as one modality says items are alike',
  source: 'CWCL (Srinivasa et al. 2023)',
  about: `For a modality whose encoder is much better than the others: how alike its embeddings are says how alike items are. In a pair the second modality is trusted, unless the option says the first or both in turn.`,
  temperature: true,
  alone: true,
  options: {
    trust: {
      type: 'choice',
      choices: ['second', 'first', 'both'],
      default: 'second',
      short: 'the modality of each pair that says what is alike',
    },
    kernel: {
      type: 'choice',
      choices: CWCL_KERNELS,
      default: 'linear',
      short: 'how a cosine becomes a weight',
    },
  },
  loss:
    ({ trust, kernel }) =>
    scene =>
      meanOverPairs(scene, pair => {
        const [a, b] = [scene.units[pair.a]!, scene.units[pair.b]!]
        const [s, relation] = [scene.scale(pair), scene.relation(pair)]
        if (trust === 'second') return cwcl(a, b, s, kernel, relation)
        if (trust === 'first') return cwcl(b, a, s, kernel, relation)
        const both = tf.add(cwcl(a, b, s, kernel, relation), cwcl(b, a, s, kernel, relation))
        return tf.mul(both, 0.5)
      }),
})
