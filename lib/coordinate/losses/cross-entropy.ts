import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { logSumExp } from '../../engine/ops/log-sum-exp.js'
import { type Block, rowsOf } from './blocks.js'
import { ABSENT, cellsOf, type Relation } from './relation.js'
import { sumOverBlocks } from './sum-over-blocks.js'

/** What the rows of a block should choose; nothing is learned through it. */
export interface Targets {
  /** (block, C), at least 0; their sum over a row is what its cross-entropy is weighed by. */
  shares: Tensor
  /** Added to the logits (block, C) or (1, C): ABSENT where a column is no candidate. */
  bias?: Tensor
}

/**
 * - sum_i sum_j P_ij lsm(L)_ij over all rows, scalar; large batches block after block.
 *
 * `rows` are tensors of B rows and `whole` tensors that every block sees whole; `logits` makes
 * (block, C) of them, `targets` says what is wanted.
 */
export const crossEntropy = (
  columns: number,
  rows: readonly Tensor[],
  whole: readonly Tensor[],
  logits: (rows: Tensor[], whole: Tensor[], block: Block) => Tensor,
  targets: (block: Block) => Targets,
): Tensor =>
  sumOverBlocks(columns, rows, whole, (own, all, block) => {
    const { shares, bias } = targets(block)
    const made = logits(own, all, block)
    const biased = bias ? tf.add(made, bias) : made
    const wanted = tf.sum(tf.mul(shares, made), 1)
    const mass = tf.sum(shares, 1)
    return tf.sum(tf.sub(tf.mul(mass, logSumExp(biased, 1)), wanted))
  })

/** The logits of U V^T. */
export const products = ([u]: Tensor[], [v]: Tensor[]): Tensor2D =>
  tf.matMul(u as Tensor2D, v as Tensor2D, false, true)

/** A bias (1, B) that takes absent rows out of the candidates. */
export const absentBias = ({ present }: Pick<Relation, 'present'>): { bias?: Tensor } =>
  present ? { bias: tf.expandDims(tf.mul(tf.sub(1, present), ABSENT), 0) } : {}

/** 1 for every row that takes part, (B). */
export const presenceOf = ({ present }: Pick<Relation, 'present'>, size: number): Tensor1D =>
  present ?? tf.ones([size])

/** 1 on the diagonal of the whole matrix, within a block of its rows (block, B). */
export const diagonal = (size: number, { first, size: rows }: Block): Tensor2D =>
  tf.cast(
    tf.equal(
      tf.expandDims(tf.range(first, first + rows, 1, 'int32'), 1),
      tf.expandDims(tf.range(0, size, 1, 'int32'), 0),
    ),
    'float32',
  ) as Tensor2D

/** One direction of InfoNCE: mean_i CE(U V^T, rowP(Y))_i over the rows that take part. */
export function matching(u: Tensor, v: Tensor, relation: Relation): Tensor {
  const size = u.shape[0]!
  const there = presenceOf(relation, size)
  const sum = crossEntropy(size, [u], [v], products, block => {
    const { matches } = cellsOf(relation, size, block)
    const shares = tf.div(matches, tf.maximum(tf.sum(matches, 1, true), 1))
    return {
      shares: tf.mul(shares, tf.expandDims(rowsOf(there, block), 1)),
      ...absentBias(relation),
    }
  })
  return tf.div(sum, tf.maximum(tf.sum(there), 1))
}
