import { largest } from '../../engine/ops/largest.js'
import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { rowsOf } from './blocks.js'
import { products } from './cross-entropy.js'
import { meanOverPairs } from './loss.js'
import { cellsOf, type Relation } from './relation.js'
import { sumOverBlocks } from './sum-over-blocks.js'
import { taught, taughtPairs } from './taught-pair.js'
import { term } from './term.js'

export const DBL_FORMS = ['both', 'absolute', 'relative'] as const
export type DblForm = (typeof DBL_FORMS)[number]

/**
 * One direction of deep boosting: the similarities S of U and V should beat those S0 of an anchor
 * model by a margin m (METHODS 3.12), unit rows:
 * - absolute: mean_i [g m + S0_ii - S_ii]+ + max_j [(1 - g) m + S_ij - S0_ij]+,
 * - relative: mean_i max_j [m + (S0_ii - S0_ij) - (S_ii - S_ij)]+,
 * over the j that are no positives of i. Nothing is learned through S0.
 */
export function boosting(
  [u, v]: [Tensor2D, Tensor2D],
  [u0, v0]: [Tensor2D, Tensor2D],
  { form, margin, gamma }: { form: DblForm; margin: number; gamma: number },
  relation: Relation,
): Tensor {
  const size = u.shape[0]
  const own = tf.sum(tf.mul(u, v), 1)
  const own0 = tf.sum(tf.mul(u0, v0), 1)
  const sum = sumOverBlocks(size, [u, own], [v], ([rows, is], whole, block) => {
    const { matches, rest } = cellsOf(relation, size, block)
    const [scores, before] = [products([rows!], whole), products([rowsOf(u0, block)], [v0])]
    const [was, gain] = [rowsOf(own0, block), tf.sub(is!, rowsOf(own0, block))]
    const hardest = (costs: Tensor): Tensor => largest(tf.mul(tf.relu(costs), rest), 1)
    const there = tf.cast(tf.greater(tf.sum(matches, 1), 0), 'float32')
    const absolute = (): Tensor =>
      tf.add(
        tf.mul(tf.relu(tf.sub(gamma * margin, gain)), there),
        hardest(tf.add(tf.sub(scores, before), (1 - gamma) * margin)),
      )
    const relative = (): Tensor => {
      const apart = tf.sub(tf.expandDims(is!, 1), scores)
      const apart0 = tf.sub(tf.expandDims(was, 1), before)
      return hardest(tf.add(tf.sub(apart0, apart), margin))
    }
    const parts = [
      ...(form === 'relative' ? [] : [absolute()]),
      ...(form === 'absolute' ? [] : [relative()]),
    ]
    return tf.sum(parts.reduce((a, b) => tf.add(a, b)))
  })
  const count = relation.present ? tf.sum(relation.present) : tf.scalar(size)
  return tf.div(sum, tf.maximum(count, 1))
}

export const dblTerm = term({
  summary: 'be better than another model by a margin, pair by pair',
  source: 'Deep boosting learning (Diao et al. 2024)',
  about: `To go beyond a model that is there: training is spent on the pairs in which it is not yet beaten. The anchor is the model of --teacher, frozen; the paper also trains it along. absolute asks that true pairs be nearer and the hardest negatives farther than they are to the anchor; relative asks the same of their difference. Means over rows where released code sums, so that the learning rate does not depend on the batch.`,
  temperature: false,
  alone: false,
  teacher: { pair: true, space: false },
  options: {
    form: { type: 'choice', choices: DBL_FORMS, default: 'both', short: 'what is to be beaten' },
    margin: { type: 'number', default: 0.2, min: 0, max: 2, short: 'margin' },
    gamma: {
      type: 'number',
      default: 0.5,
      min: 0,
      max: 1,
      short: 'share of the margin for true pairs, in absolute',
    },
  },
  loss: values => scene =>
    meanOverPairs({ ...scene, pairs: taughtPairs(scene) }, pair => {
      const [u, v] = [scene.units[pair.a]!, scene.units[pair.b]!]
      const [u0, v0] = taught(scene, pair)
      const relation = scene.relation(pair)
      return tf.add(
        boosting([u, v], [u0, v0], values, relation),
        boosting([v, u], [v0, u0], values, relation),
      )
    }),
})
