import { largest } from '../../engine/ops/largest.js'
import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { products } from './cross-entropy.js'
import { meanOverPairs } from './loss.js'
import { cellsOf, type Relation } from './relation.js'
import { sumOverBlocks } from './sum-over-blocks.js'
import { term } from './term.js'

/**
 * One direction of the triplet loss of VSE++: mean_i f_j [margin + S_ij - S_ii]+ over the j that are
 * no positives of i, where f is the largest (hardest = 1) or the sum over j (hardest = 0). U and V
 * unit rows (B, d), `hardest` a scalar between the two.
 */
export function hinge(
  u: Tensor2D,
  v: Tensor2D,
  margin: number,
  hardest: Tensor,
  relation: Relation,
): Tensor {
  const size = u.shape[0]
  const own = tf.sum(tf.mul(u, v), 1)
  const sum = sumOverBlocks(size, [u, own], [v], ([rows, from], whole, block) => {
    const { rest } = cellsOf(relation, size, block)
    const gaps = tf.sub(products([rows!], whole), tf.expandDims(from!, 1))
    const costs = tf.mul(tf.relu(tf.add(gaps, margin)), rest)
    const each = tf.add(
      tf.mul(largest(costs, 1), hardest),
      tf.mul(tf.sum(costs, 1), tf.sub(1, hardest)),
    )
    return tf.sum(each)
  })
  const count = relation.present ? tf.sum(relation.present) : tf.scalar(size)
  return tf.div(sum, tf.maximum(count, 1))
}

export const hingeTerm = term({
  summary: 'triplet loss with the hardest negative of the batch',
  source: 'VSE++ (Faghri et al. 2018)',
  about: `The classic of image and text retrieval. It begins with the sum over all negatives, since the hardest alone lets a fresh head collapse. The mean over rows where released code sums, so that the learning rate does not depend on the batch.`,
  temperature: false,
  alone: true,
  options: {
    margin: { type: 'number', default: 0.2, min: 0, max: 2, short: 'margin' },
    warmup: {
      type: 'number',
      default: 1,
      min: 0,
      max: 1e6,
      short: 'epochs in which all negatives count',
    },
  },
  draws: ({ warmup }) => ({
    hardest: {
      shape: [],
      dtype: 'float32',
      fill: ({ epoch }) => Float32Array.of(epoch < warmup ? 0 : 1),
    },
  }),
  loss:
    ({ margin }) =>
    scene =>
      meanOverPairs(scene, pair => {
        const [u, v] = [scene.units[pair.a]!, scene.units[pair.b]!]
        const [relation, { hardest }] = [scene.relation(pair), scene.draws]
        return tf.add(
          hinge(u, v, margin, hardest!, relation),
          hinge(v, u, margin, hardest!, relation),
        )
      }),
})
