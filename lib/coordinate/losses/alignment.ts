import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { meanOverPairs } from './loss.js'
import { meanOfPresent, type Relation } from './relation.js'
import { term } from './term.js'

/** L_algn(U, V) = mean ||u_j - v_j||^2 = mean (2 - 2 <u_j, v_j>), U and V unit rows (B, d). */
export const alignment = (u: Tensor2D, v: Tensor2D, relation: Relation): Tensor =>
  meanOfPresent(tf.sub(2, tf.mul(tf.sum(tf.mul(u, v), 1), 2)), relation)

export const alignmentTerm = term({
  summary: 'draw the two embeddings of one item together',
  source: 'Fahim et al., arXiv 2405.18570 (CUA)',
  about: `Beside pcmc and uniformity; alone it would put everything in one place.`,
  temperature: false,
  alone: false,
  options: {},
  loss: () => scene =>
    meanOverPairs(scene, pair =>
      alignment(scene.units[pair.a]!, scene.units[pair.b]!, scene.relation(pair)),
    ),
})
