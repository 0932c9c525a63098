import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { type Loss, type LossSpec, meanOverPairs } from './loss.js'
import { both, positives, type Relation } from './relation.js'

export const pcmrSpec: LossSpec = {
  summary: 'pairwise cross-modal regression: similarities regressed to 1 (match) and 0 (no match)',
  source: 'Sanchez and Laguna, arXiv 2401.16347; reconstruction, METHODS 1.3',
  temperature: false,
}

/** How cells are weighed; see METHODS 1.3 for which reading is which. */
export const PCMR_FORMS = ['balanced', 'mean', 'hinge', 'gap'] as const
export type PcmrForm = (typeof PCMR_FORMS)[number]

/** L_PCMR = mean over m < n of l_R(m, n), weighted per pair (METHODS 1.3). */
export const pcmr =
  (form: PcmrForm): Loss =>
  scene =>
    meanOverPairs(scene, pair =>
      regression(form, scene.units[pair.a]!, scene.units[pair.b]!, scene.relation(pair)),
    )

/**
 * l_R of one pair, t_neg = 0; U, V unit rows (B, d).
 *
 * - balanced: mean over matches of (S - 1)^2 + mean over the rest of S^2
 * - hinge: the same with max(0, S)^2, which leaves opposed embeddings alone
 * - mean: (S - Y)^2 over all cells alike, the literal reading
 * - gap: (1 - (S_ii - S_ij))^2 over the rest, in both directions
 */
export function regression(form: PcmrForm, u: Tensor2D, v: Tensor2D, relation: Relation): Tensor {
  if (form === 'gap') return gap(u, v, relation)
  const { onMatches, onRest, matches, rest } = relation.groups
    ? sumsOfGroups(form, u, v, relation)
    : sumsOfItems(form, u, v, relation)
  if (form === 'mean')
    return tf.div(tf.add(onMatches, onRest), tf.maximum(tf.add(matches, rest), 1))
  return tf.add(tf.div(onMatches, tf.maximum(matches, 1)), tf.div(onRest, tf.maximum(rest, 1)))
}

/** Sums of squared errors over matches and over the rest, and how many cells each has. */
interface Sums {
  onMatches: Tensor
  onRest: Tensor
  matches: Tensor
  rest: Tensor
}

/** Every row its own and only match: the rest is all cells but the diagonal. */
function sumsOfItems(form: PcmrForm, u: Tensor2D, v: Tensor2D, { present }: Relation): Sums {
  const there = present ?? tf.ones([u.shape[0]])
  const column = tf.expandDims(there, 1)
  const [a, b] = present ? [tf.mul(u, column), tf.mul(v, column)] : [u, v]
  const own = tf.sum(tf.mul(a, b), 1)
  const count = tf.sum(there)
  return {
    onMatches: tf.sum(tf.mul(there, tf.square(tf.sub(own, 1)))),
    onRest: tf.sub(sumOfAll(form, a as Tensor2D, b as Tensor2D), tf.sum(error(form, own))),
    matches: count,
    rest: tf.mul(count, tf.sub(count, 1)),
  }
}

/**
 * Sum of the errors of all cells of U V^T against 0. Of squares it is the inner product of the two
 * Gram matrices, sum (U^T U) * (V^T V): d x d numbers instead of B x B.
 */
function sumOfAll(form: PcmrForm, u: Tensor2D, v: Tensor2D): Tensor {
  if (form === 'hinge') return tf.sum(error(form, tf.matMul(u, v, false, true)))
  return tf.sum(tf.mul(tf.matMul(u, u, true, false), tf.matMul(v, v, true, false)))
}

function sumsOfGroups(form: PcmrForm, u: Tensor2D, v: Tensor2D, relation: Relation): Sums {
  const s = tf.matMul(u, v, false, true)
  const y = positives(relation, u.shape[0])
  const others = rest(y, relation)
  return {
    onMatches: tf.sum(tf.mul(y, tf.square(tf.sub(s, 1)))),
    onRest: tf.sum(tf.mul(others, error(form, s))),
    matches: tf.sum(y),
    rest: tf.sum(others),
  }
}

const error = (form: PcmrForm, s: Tensor): Tensor => tf.square(form === 'hinge' ? tf.relu(s) : s)

/** (B, B): 1 where both rows take part and are no positives. */
const rest = (y: Tensor2D, { present }: Relation): Tensor2D =>
  tf.sub(present ? both(present) : 1, y)

function gap(u: Tensor2D, v: Tensor2D, relation: Relation): Tensor {
  const size = u.shape[0]
  const s = tf.matMul(u, v, false, true) as Tensor2D
  const y = positives(relation, size)
  const others = rest(y, relation)
  const own = tf.sum(tf.mul(u, v), 1)
  const toward = (axis: 0 | 1): Tensor => {
    const difference = tf.sub(tf.expandDims(own, axis), s)
    return tf.sum(tf.mul(others, tf.square(tf.sub(1, difference))))
  }
  const cells = tf.maximum(tf.sum(others), 1)
  return tf.div(tf.mul(tf.add(toward(0), toward(1)), 0.5), cells)
}
