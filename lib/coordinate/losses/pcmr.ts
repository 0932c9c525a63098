import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { type Loss, meanOverPairs } from './loss.js'
import { blocksOf } from './blocks.js'
import { type Cells, cellsOf, type Relation } from './relation.js'
import { sumOverBlocks } from './sum-over-blocks.js'
import { term } from './term.js'

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

export const pcmrTerm = term({
  summary: 'pairwise cross-modal regression: similarities regressed to 1 (match) and 0 (no match)',
  source: 'Sanchez and Laguna, arXiv 2401.16347; reconstruction',
  about: `No temperature and no softmax, so batches may be small. How cells are weighed matters more than all the rest: the plain mean lets the non-matches swamp the matches.`,
  temperature: false,
  alone: true,
  options: {
    form: {
      type: 'choice',
      choices: PCMR_FORMS,
      default: 'balanced',
      short: 'how matches and non-matches are weighed',
    },
  },
  loss: ({ form }) => pcmr(form),
})

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
  if (form === 'hinge')
    return sumOverBlocks(v.shape[0], [u], [v], ([rows], [all]) =>
      total(error(form, tf.matMul(rows!, all!, false, true))),
    )
  return tf.sum(tf.mul(tf.matMul(u, u, true, false), tf.matMul(v, v, true, false)))
}

/** Rows of one group match: each block of rows compares its groups with all. */
function sumsOfGroups(form: PcmrForm, u: Tensor2D, v: Tensor2D, relation: Relation): Sums {
  const size = u.shape[0]
  const sum = (cell: (s: Tensor, cells: Cells) => Tensor): Tensor =>
    sumOverBlocks(size, [u], [v], ([rows], [all], block) =>
      total(cell(tf.matMul(rows!, all!, false, true), cellsOf(relation, size, block))),
    )
  return {
    onMatches: sum((s, { matches }) => tf.mul(matches, tf.square(tf.sub(s, 1)))),
    onRest: sum((s, { rest }) => tf.mul(rest, error(form, s))),
    ...countsOf(relation, size),
  }
}

/** (1 - (S_ii - S_ij))^2 and (1 - (S_jj - S_ij))^2 over the rest, half of each. */
function gap(u: Tensor2D, v: Tensor2D, relation: Relation): Tensor {
  const size = u.shape[0]
  const own = tf.sum(tf.mul(u, v), 1)
  const sum = sumOverBlocks(size, [u, own], [v, own], ([rows, from], [all, to], block) => {
    const s = tf.matMul(rows!, all!, false, true)
    const short = (best: Tensor): Tensor => tf.square(tf.sub(1, tf.sub(best, s)))
    const both = tf.add(short(tf.expandDims(from!, 1)), short(tf.expandDims(to!, 0)))
    return total(tf.mul(cellsOf(relation, size, block).rest, both))
  })
  return tf.div(tf.mul(sum, 0.5), tf.maximum(countsOf(relation, size).rest, 1))
}

/** Rows first: millions of cells in one float32 sum would lose digits. */
const total = (cells: Tensor): Tensor => tf.sum(tf.sum(cells, 1))

const error = (form: PcmrForm, s: Tensor): Tensor => tf.square(form === 'hinge' ? tf.relu(s) : s)

/** How many cells are matches, and how many are not. */
function countsOf(relation: Relation, size: number): { matches: Tensor; rest: Tensor } {
  const counts = blocksOf(size, size).map(block => {
    const { matches, rest } = cellsOf(relation, size, block)
    return { matches: total(matches), rest: total(rest) }
  })
  return counts.reduce((a, b) => ({
    matches: tf.add(a.matches, b.matches),
    rest: tf.add(a.rest, b.rest),
  }))
}
