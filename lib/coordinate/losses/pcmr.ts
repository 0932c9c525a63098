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
  const s = tf.matMul(u, v, false, true) as Tensor2D
  if (form === 'gap') return gap(s, relation)
  const { onMatches, onRest, matches, rest } = sums(form, u, v, s, relation)
  if (form === 'mean')
    return tf.div(tf.add(onMatches, onRest), tf.maximum(tf.add(matches, rest), 1))
  return tf.add(tf.div(onMatches, tf.maximum(matches, 1)), tf.div(onRest, tf.maximum(rest, 1)))
}

interface Sums {
  onMatches: Tensor
  onRest: Tensor
  matches: Tensor
  rest: Tensor
}

/** Sums of squared errors over matches and over the rest, and how many cells each has. */
function sums(form: PcmrForm, u: Tensor2D, v: Tensor2D, s: Tensor2D, relation: Relation): Sums {
  const error = (x: Tensor): Tensor => tf.square(form === 'hinge' ? tf.relu(x) : x)
  const size = u.shape[0]
  if (!relation.groups && !relation.present) {
    const diagonal = tf.sum(tf.mul(u, v), 1)
    return {
      onMatches: tf.sum(tf.square(tf.sub(diagonal, 1))),
      onRest: tf.sub(tf.sum(error(s)), tf.sum(error(diagonal))),
      matches: tf.scalar(size),
      rest: tf.scalar(size * (size - 1)),
    }
  }
  const y = positives(relation, size)
  const others = rest(y, relation)
  return {
    onMatches: tf.sum(tf.mul(y, tf.square(tf.sub(s, 1)))),
    onRest: tf.sum(tf.mul(others, error(s))),
    matches: tf.sum(y),
    rest: tf.sum(others),
  }
}

/** (B, B): 1 where both rows take part and are no positives. */
const rest = (y: Tensor2D, { present }: Relation): Tensor2D =>
  tf.sub(present ? both(present) : 1, y)

function gap(s: Tensor2D, relation: Relation): Tensor {
  const size = s.shape[0]
  const y = positives(relation, size)
  const others = rest(y, relation)
  const own = tf.sum(tf.mul(s, tf.eye(size)), 1)
  const toward = (axis: 0 | 1): Tensor => {
    const difference = tf.sub(tf.expandDims(own, axis), s)
    return tf.sum(tf.mul(others, tf.square(tf.sub(1, difference))))
  }
  const cells = tf.maximum(tf.sum(others), 1)
  return tf.div(tf.mul(tf.add(toward(0), toward(1)), 0.5), cells)
}
