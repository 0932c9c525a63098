import { detach } from '../../engine/ops/detach.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { rowsOf } from './blocks.js'
import { crossEntropy, presenceOf, products } from './cross-entropy.js'
import { meanOverPairs, type Pair, type Scene } from './loss.js'
import { ABSENT } from './relation.js'
import { term } from './term.js'

/** Rows to choose among: unit rows (C, d), their groups (C), and 1 for each that there is (C). */
export interface Candidates {
  units: Tensor2D
  groups: Tensor1D
  has: Tensor1D
}

/** What the targets are made of beside the groups of the rows that ask. */
export interface Soft {
  /** The momentum embeddings of the rows that ask (B, d). */
  teacher: Tensor2D
  /** Share of their own distribution in the targets, scalar from 0 to 1. */
  share: Tensor
}

/**
 * CE(s U C^T, P) with P_ij = 1[group_i = group_j] over its row sum, mixed with softmax(s T C^T) where
 * `soft` is given (METHODS 2.3). Candidates that are not there have no share; rows without a
 * positive, or absent, do not count.
 */
export function matchCandidates(
  u: Tensor2D,
  groups: Tensor1D,
  there: Tensor1D,
  candidates: Candidates,
  s: Tensor,
  soft?: Soft,
): Tensor {
  const columns = candidates.units.shape[0]
  const bias = tf.expandDims(tf.mul(tf.sub(1, candidates.has), ABSENT), 0)
  const scaled = tf.mul(u, s)
  // The temperature is learned by the logits, not by the targets.
  const still = detach(x => tf.clone(x), s)
  const sum = crossEntropy(columns, [scaled], [candidates.units], products, block => {
    const same = tf.cast(
      tf.equal(tf.expandDims(rowsOf(groups, block), 1), tf.expandDims(candidates.groups, 0)),
      'float32',
    )
    const matches = tf.mul(same, tf.expandDims(candidates.has, 0))
    const hard = tf.div(matches, tf.maximum(tf.sum(matches, 1, true), 1))
    const shares = soft ? mixed(hard, soft, rowsOf(soft.teacher, block)) : hard
    return { shares: tf.mul(shares, tf.expandDims(rowsOf(there, block), 1)), bias }
  })
  return tf.div(sum, tf.maximum(tf.sum(there), 1))

  function mixed(hard: Tensor, { share }: Soft, teacher: Tensor2D): Tensor {
    const logits = tf.add(tf.mul(products([teacher], [candidates.units]), still), bias)
    return tf.add(tf.mul(tf.softmax(logits), share), tf.mul(hard, tf.sub(1, share)))
  }
}

/** Groups of the batch under the grouping of a pair, as the queue has them. */
export const groupsOf = (scene: Scene, pair: Pair): { batch: Tensor1D; all: Tensor1D } => {
  const all = scene.memory!.groups(scene.grouping!(pair))
  const size = Object.values(scene.units)[0]!.shape[0]
  return { batch: tf.slice(all, [0], [size]), all }
}

export const itcTerm = term({
  summary: 'contrast with the momentum heads and their queue, by soft targets',
  source: 'ALBEF (Li et al. 2021), TCL (Yang et al. 2022)',
  about: `Every row is compared with the batch and with rows of earlier batches (--queue) as heads that follow slowly (--momentum) see them, so that a small batch has many negatives. A share alpha of the target is what these heads hold to be alike, which forgives captions that fit several items; it rises from nothing over the first epoch. Reconstruction of AAI, by the losses of TCL.`,
  temperature: true,
  alone: true,
  memory: true,
  modalities: true,
  options: {
    alpha: { type: 'number', default: 0.4, min: 0, max: 1, short: 'share of the soft targets' },
  },
  draws: ({ alpha }) => ({
    share: {
      shape: [],
      dtype: 'float32',
      fill: ({ passed }) => Float32Array.of(alpha * Math.min(1, passed)),
    },
  }),
  loss: () => scene =>
    meanOverPairs(scene, pair => {
      const s = scene.scale(pair)
      const there = presenceOf(scene.relation(pair), scene.units[pair.a]!.shape[0])
      const groups = groupsOf(scene, pair)
      const one = (from: string, to: string): Tensor =>
        matchCandidates(
          scene.units[from]!,
          groups.batch,
          there,
          { ...scene.memory!.candidates(to), groups: groups.all },
          s,
          { teacher: scene.memory!.units[from]!, share: scene.draws.share! },
        )
      return tf.mul(tf.add(one(pair.a, pair.b), one(pair.b, pair.a)), 0.5)
    }),
})
