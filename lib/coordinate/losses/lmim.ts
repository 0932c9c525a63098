import { logSumExp } from '../../engine/ops/log-sum-exp.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import type { Tokens } from '../forward.js'
import { onlyWhere } from '../poolings/mask.js'
import { rowsOf } from './blocks.js'
import { presenceOf } from './cross-entropy.js'
import { groupsOf } from './itc.js'
import { firstPairOf, meanOver } from './loss.js'
import { sumOverBlocks } from './sum-over-blocks.js'
import { term } from './term.js'

export type LocalForm = 'nce' | 'jsd'

/**
 * Mutual information between the whole of an item and its parts (METHODS 2.4): unit rows g (B, d),
 * unit tokens l (B, L, d) with their mask, all scaled by s.
 *
 *   nce: mean_i (1/n_i) sum_k -log( e^<g_i, l_ik> / (e^<g_i, l_ik> + sum_jk' e^<g_i, l_jk'>) )
 *   jsd: mean_ik softplus(-<g_i, l_ik>) + mean_ijk softplus(<g_i, l_jk>)
 *
 * Items j of the group of i are no negatives, padding is neither.
 */
export function localInformation(
  g: Tensor2D,
  { values, mask }: Tokens,
  s: Tensor,
  groups: Tensor1D,
  there: Tensor1D,
  form: LocalForm,
): Tensor {
  const [size, tokens, dim] = values.shape
  const flat = tf.reshape(values, [size * tokens, dim])
  const own = tf.mul(mask, tf.expandDims(there, 1)) as Tensor2D
  const scaled = tf.mul(g, s) as Tensor2D
  // <g_i, l_ik> by itself: what is a negative for one form is cut out of the rest by its group.
  const positives = tf.sum(tf.mul(tf.expandDims(scaled, 1), values), 2)
  const perToken = tf.div(own, tf.maximum(tf.sum(own, 1, true), 1))
  const rows = [scaled, positives, perToken]
  const sum = sumOverBlocks(size * tokens, rows, [flat], ([u, p, share], [all], block) => {
    const differ = tf.cast(
      tf.notEqual(tf.expandDims(rowsOf(groups, block), 1), tf.expandDims(groups, 0)),
      'float32',
    )
    const negative = tf.mul(tf.expandDims(differ, 2), tf.expandDims(own, 0))
    const inside = tf.reshape(negative, [block.size, size * tokens])
    const logits = tf.matMul(u as Tensor2D, all as Tensor2D, false, true)
    if (form === 'nce') {
      const rest = tf.expandDims(logSumExp(onlyWhere(logits, inside), 1), 1)
      return tf.sum(tf.mul(tf.softplus(tf.sub(rest, p!)), share!))
    }
    const counts = tf.maximum(tf.sum(inside, 1), 1)
    const apart = tf.div(tf.sum(tf.mul(tf.softplus(logits), inside), 1), counts)
    const near = tf.sum(tf.mul(tf.softplus(tf.neg(p!)), share!), 1)
    return tf.sum(tf.add(near, tf.mul(apart, tf.sum(share!, 1))))
  })
  return tf.div(sum, tf.maximum(tf.sum(there), 1))
}

export const lmimTerm = term({
  summary: 'mutual information between each item and its tokens',
  source: 'TCL (Yang et al. 2022), AAI (2023); jsd: Deep InfoMax (Hjelm et al. 2019)',
  about: `The embedding of an item should tell its own tokens, as the momentum heads see them, from those of the others: local mutual information maximisation. What TCL calls by that name is the multi-class form nce; jsd is the bound by the Jensen-Shannon divergence. Only modalities that come as tokens take part, with all their tokens: TCL first averages those of a picture to 16 cells of its grid, to save memory. Items that are positives of one another are no negatives, which TCL forgets. Reconstruction of AAI, by the losses of TCL.`,
  temperature: true,
  alone: false,
  memory: true,
  tokens: 'needed',
  modalities: true,
  options: {
    form: {
      type: 'choice',
      choices: ['nce', 'jsd'],
      default: 'nce',
      short: 'form of the estimate',
    },
  },
  loss:
    ({ form }) =>
    scene => {
      const { memory } = scene
      const modalities = Object.keys(scene.units).filter(name => memory!.tokens(name))
      return meanOver(scene, modalities, modality => {
        const pair = firstPairOf(scene, modality)
        const g = scene.units[modality]!
        const there = presenceOf({ present: scene.present(modality) }, g.shape[0])
        const { batch } = groupsOf(scene, pair)
        const tokens = memory!.tokens(modality)!
        return localInformation(g, tokens, scene.scale(pair), batch, there, form)
      })
    },
})
