import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { type Block, rowsOf } from './blocks.js'
import { crossEntropy, diagonal, presenceOf, products } from './cross-entropy.js'
import type { Scene } from './loss.js'
import { ABSENT, cellsOf } from './relation.js'
import { term } from './term.js'

export const ONE_TO_K_FORMS = ['balanced', 'released'] as const
export type OneToKForm = (typeof ONE_TO_K_FORMS)[number]

/** A modality as candidates: unit rows (B, d), which of them are there, and their groups. */
export interface Candidate {
  unit: Tensor2D
  present?: Tensor1D
  /** Rows of one group are one item: where they are not the row itself they are no candidates. */
  groups?: Tensor1D
}

/**
 * 1-to-K contrast: one anchor against the rows of K modalities in one softmax, all K of an item wanted
 * alike. The anchor's direction is summed over K and the other a mean, so they weigh 1 and 1/K
 * (`released`); `balanced` gives both the same: (L_anchor/K + L_others)/2. Rows are scaled by s.
 */
export function oneToK(
  anchor: Candidate,
  others: readonly Candidate[],
  s: Tensor,
  form: OneToKForm,
): Tensor {
  const size = anchor.unit.shape[0]
  const rows = presenceOf(anchor, size)
  const whole = tf.concat(others.map(({ unit }) => unit)) as Tensor2D
  const outward = crossEntropy(
    size * others.length,
    [tf.mul(anchor.unit, s)],
    [whole],
    products,
    block => ({
      shares: tf.concat(
        others.map(other => own(other, rows, size, block)),
        1,
      ),
      bias: tf.concat(
        others.map(other => barred(other, size, block)),
        1,
      ),
    }),
  )
  const inward = others
    .map(other =>
      crossEntropy(size, [tf.mul(other.unit, s)], [anchor.unit], products, block => ({
        shares: own(anchor, presenceOf(other, size), size, block),
        bias: barred({ ...anchor, groups: other.groups }, size, block),
      })),
    )
    .reduce((a, b) => tf.add(a, b))
  const items = others
    .map(other => tf.sum(tf.mul(presenceOf(other, size), rows)))
    .reduce((a, b) => tf.add(a, b))
  const anchors = tf.maximum(tf.sum(rows), 1)
  // Candidates an anchor has on average: K where nothing is missing.
  const each = tf.maximum(tf.div(items, anchors), 1e-12)
  const [perAnchor, perItem] = [tf.div(outward, anchors), tf.div(inward, tf.maximum(items, 1))]
  return form === 'released'
    ? tf.div(tf.mul(tf.add(perAnchor, perItem), 0.5), each)
    : tf.mul(tf.add(tf.div(perAnchor, each), perItem), 0.5)
}

/** 1 where a candidate is the row itself and both are there (block, B). */
function own(candidate: Candidate, rows: Tensor1D, size: number, block: Block): Tensor {
  const there = tf.mul(
    tf.expandDims(rowsOf(rows, block), 1),
    tf.expandDims(presenceOf(candidate, size), 0),
  )
  return tf.mul(diagonal(size, block), there)
}

/** The bias of candidates that are absent, or another row of the same item (block, B). */
function barred({ present, groups }: Candidate, size: number, block: Block): Tensor {
  const on = diagonal(size, block)
  const { rest } = cellsOf({ ...(groups && { groups }) }, size, block)
  const open = tf.maximum(on, rest)
  const there = present ? tf.mul(open, tf.expandDims(present, 0)) : open
  return tf.mul(tf.sub(1, there), ABSENT)
}

function candidateOf(scene: Scene, name: string, anchor: string): Candidate {
  const present = scene.present(name)
  const pair = scene.pairs.find(({ a, b }) => [a, b].includes(name) && [a, b].includes(anchor))
  const groups = pair && scene.relation(pair).groups
  return { unit: scene.units[name]!, ...(present && { present }), ...(groups && { groups }) }
}

export const oneToKTerm = term({
  summary: 'the first modality against all others in one softmax, all of them wanted alike',
  source: '1-to-K contrastive learning, CCRK (Nie et al. 2024)',
  about: `For one picture and its description in several languages: it asks for equal ranks in all of them, see mrv in pcm-eval(1). released is what the authors' code computes: its two directions weigh 1 and 1/K. The anchor is the first modality of the stream.`,
  temperature: true,
  alone: true,
  modalities: true,
  options: {
    form: {
      type: 'choice',
      choices: ONE_TO_K_FORMS,
      default: 'balanced',
      short: 'how the two directions weigh',
    },
  },
  loss:
    ({ form }) =>
    scene => {
      const [anchor, ...others] = Object.keys(scene.units) as [string, ...string[]]
      return oneToK(
        { unit: scene.units[anchor]!, present: scene.present(anchor) },
        others.map(name => candidateOf(scene, name, anchor)),
        scene.scale(scene.pairs[0]!),
        form,
      )
    },
})
