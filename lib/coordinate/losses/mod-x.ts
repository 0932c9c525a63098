import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { distil, rankedRight } from './distil.js'
import { meanOverPairs, type Pair, type Scene } from './loss.js'
import { taught, taughtPairs } from './taught-pair.js'
import { term } from './term.js'

/** One direction: KL(softmax(C'_i) || softmax(C_i)) over the rows that the old model ranks right. */
function kept(scene: Scene, pair: Pair, turned: boolean): Tensor {
  const [u, v] = [scene.units[pair.a]!, scene.units[pair.b]!]
  const [u0, v0] = taught(scene, pair)
  const relation = scene.relation(pair)
  const scale = scene.teacher!.scale(pair)
  const [own, others] = turned ? [v, u] : [u, v]
  const [own0, others0] = turned ? [v0, u0] : [u0, v0]
  const teacher = { scaled: tf.mul(own0, scale) as Tensor2D, others: others0 }
  return distil(own, others, scene.scale(pair), teacher, relation, (logits, block) => ({
    cells: tf.ones([1, logits.shape[1]]),
    rows: rankedRight(logits, relation, block),
  }))
}

export const modXTerm = term({
  summary: 'keep what an older model held to be alike, where it was right',
  source: 'Mod-X (Ni et al. 2023)',
  about: `Continual training: with --init OLD on new data, beside the loss that made OLD, so that what it knew is not forgotten. KL from the older model's softmax over the batch to the present one's, in both directions; rows whose own partner the older model does not rank first teach nothing. The paper's weight is about 20: --init old.arrows --loss pcmc --term 20*mod-x. It keeps the old at the cost of the new: on Mfeat, taught five digits and then the five others, mean r@1 on the first stays at 17.6 of 21.5, where plain training comes down to 9.5, and on the others it reaches 13.4, where that has 24.5. Reconstruction: the equations could not be read.`,
  temperature: true,
  alone: false,
  teacher: { pair: true, space: false },
  options: {},
  loss: () => scene =>
    meanOverPairs({ ...scene, pairs: taughtPairs(scene) }, pair =>
      tf.add(kept(scene, pair, false), kept(scene, pair, true)),
    ),
})
