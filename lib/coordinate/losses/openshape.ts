import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { type Block, rowsOf } from './blocks.js'
import { crossEntropy, presenceOf, products } from './cross-entropy.js'
import { meanOverPairs, type Pair, type Scene } from './loss.js'
import { ABSENT, cellsOf, type Relation } from './relation.js'
import { taught, taughtPairs } from './taught-pair.js'
import { term } from './term.js'

/**
 * One direction of InfoNCE without likely false negatives: j is no candidate of i where the teacher
 * finds it nearly as fitting as the item's own, S0_ii - S0_ij <= margin. Left out means a logit of
 * (nearly) minus infinity; released code multiplies it by 0, which leaves a candidate with a cosine of 0
 * (METHODS 5, pitfall 2).
 */
export function maskedMatching(
  u: Tensor2D,
  v: Tensor2D,
  s: Tensor,
  { from: u0, to: v0, known }: Witness,
  margin: number,
  relation: Relation,
): Tensor {
  const size = u.shape[0]
  const there = presenceOf(relation, size)
  const own0 = tf.sum(tf.mul(u0, v0), 1, true)
  const sum = crossEntropy(size, [tf.mul(u, s)], [v], products, (block: Block) => {
    const { matches } = cellsOf(relation, size, block)
    const gaps = tf.sub(rowsOf(own0, block), products([rowsOf(u0, block)], [v0]))
    const near = tf.cast(tf.lessEqual(gaps, margin), 'float32')
    const seen = known
      ? tf.mul(tf.expandDims(rowsOf(known, block), 1), tf.expandDims(known, 0))
      : tf.scalar(1)
    const barred = tf.mul(tf.mul(near, seen), tf.sub(1, matches))
    const open = tf.mul(tf.sub(1, barred), tf.expandDims(there, 0))
    const shares = tf.div(matches, tf.maximum(tf.sum(matches, 1, true), 1))
    return {
      shares: tf.mul(shares, tf.expandDims(rowsOf(there, block), 1)),
      bias: tf.mul(tf.sub(1, open), ABSENT),
    }
  })
  return tf.div(sum, tf.maximum(tf.sum(there), 1))
}

/** What says how well rows fit one another: unit rows (B, d'), and which rows it can speak of. */
export interface Witness {
  from: Tensor2D
  to: Tensor2D
  known?: Tensor1D | undefined
}

const turned = ({ from, to, known }: Witness): Witness => ({ from: to, to: from, known })

/** The pair itself where the teacher knows it, else one that it does, else the one modality it knows. */
function witnessOf(scene: Scene, pair: Pair): Witness {
  const names = Object.keys(scene.teacher!.units)
  const itself = taughtPairs(scene).some(({ a, b }) => a === pair.a && b === pair.b)
  const shared = names.find(name => name === pair.a || name === pair.b) ?? names[0]!
  const [a, b] = itself ? [pair.a, pair.b] : [shared, names.find(name => name !== shared) ?? shared]
  const [from, to] = taught(scene, { a, b })
  const there = [scene.present(a), scene.present(b)].flatMap(has => has ?? [])
  const known = there.length > 0 ? there.reduce((x, y) => tf.mul(x, y)) : undefined
  return { from, to, known }
}

export const openshapeTerm = term({
  summary: 'InfoNCE over all pairs without likely false negatives',
  source: 'OpenShape (Liu et al. 2023)',
  about: `Where batches are made of neighbours (--neighbours), many of them fit an item as well as its own partner. What the model of --teacher, or of --init, finds nearly as fitting is no negative. A pair that it does not know goes by one that it does: a new modality beside two frozen ones is masked by these. The paper masks among the neighbours of one seed, here it is in the whole batch.`,
  temperature: true,
  alone: true,
  modalities: true,
  teacher: { pair: false, space: false },
  options: {
    margin: {
      type: 'number',
      default: 0.1,
      min: 0,
      max: 2,
      short: 'how much less fitting a negative has to be, in cosines',
    },
  },
  loss:
    ({ margin }) =>
    scene =>
      meanOverPairs(scene, pair => {
        const [u, v] = [scene.units[pair.a]!, scene.units[pair.b]!]
        const witness = witnessOf(scene, pair)
        const [s, relation] = [scene.scale(pair), scene.relation(pair)]
        const both: Tensor = tf.add(
          maskedMatching(u, v, s, witness, margin, relation),
          maskedMatching(v, u, s, turned(witness), margin, relation),
        )
        return tf.mul(both, 0.5)
      }),
})
