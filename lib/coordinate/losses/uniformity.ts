import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { type Block, rowsOf } from './blocks.js'
import { presenceOf, products } from './cross-entropy.js'
import { meanOverModalities, meanOverPairs } from './loss.js'
import { cellsOf, type Relation } from './relation.js'
import { sumOverBlocks } from './sum-over-blocks.js'
import { term } from './term.js'

/**
 * log((1/B) sum_{j,k} w_jk exp(-2 ||u_j - v_k||^2)) with ||u - v||^2 = 2 - 2 <u, v>, U and V unit
 * rows (B, d); `weights` gives w of a block (block, B). 1/B and not 1/B^2, as in METHODS 3.1: a
 * shift by log B against Wang and Isola (2020).
 */
function logMeanPower(
  u: Tensor2D,
  v: Tensor2D,
  rows: Tensor,
  weights: (block: Block) => Tensor,
): Tensor {
  const sum = sumOverBlocks(v.shape[0], [u], [v], (own, whole, block) => {
    const powers = tf.exp(tf.sub(tf.mul(products(own, whole), 4), 4))
    return tf.sum(tf.sum(tf.mul(weights(block), powers), 1))
  })
  const count = tf.maximum(tf.sum(rows), 1)
  return tf.log(tf.div(tf.maximum(sum, 1e-12), count))
}

/** L_unif(U): all pairs of rows of one modality, each with itself too. */
export function uniformity(u: Tensor2D, relation: Pick<Relation, 'present'>): Tensor {
  const there = presenceOf(relation, u.shape[0])
  return logMeanPower(u, u, there, block =>
    tf.mul(tf.expandDims(rowsOf(there, block), 1), tf.expandDims(there, 0)),
  )
}

/** L_xunif(U, V): rows of two modalities that are no positives of one another. */
export function crossUniformity(u: Tensor2D, v: Tensor2D, relation: Relation): Tensor {
  const size = u.shape[0]
  return logMeanPower(
    u,
    v,
    presenceOf(relation, size),
    block => cellsOf(relation, size, block).rest,
  )
}

const source = 'Fahim et al., arXiv 2405.18570 (CUA, CUAXU)'

export const uniformityTerm = term({
  summary: 'spread the embeddings of each modality over the sphere',
  source,
  about: `Beside pcmc, against a gap between modalities that lie in narrow cones. The mean over modalities; alone it would push everything apart.`,
  temperature: false,
  alone: false,
  modalities: true,
  options: {},
  loss: () => scene =>
    meanOverModalities(scene, modality =>
      uniformity(scene.units[modality]!, { present: scene.present(modality) }),
    ),
})

export const crossUniformityTerm = term({
  summary: 'spread the embeddings of different items over the sphere, across modalities',
  source,
  about: `Beside pcmc and uniformity; what belongs together is left out.`,
  temperature: false,
  alone: false,
  options: {},
  loss: () => scene =>
    meanOverPairs(scene, pair =>
      crossUniformity(scene.units[pair.a]!, scene.units[pair.b]!, scene.relation(pair)),
    ),
})
