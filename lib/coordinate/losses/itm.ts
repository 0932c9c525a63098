import { logSumExp } from '../../engine/ops/log-sum-exp.js'
import { takeRows } from '../../engine/ops/take-rows.js'
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../../engine/tf.js'
import type { Tokens } from '../forward.js'
import { fuse } from '../fusion/fuse.js'
import { drawColumns } from '../fusion/negatives.js'
import { fusionDropouts, fusionParameters, type FusionSize } from '../fusion/size.js'
import { dropoutMask, uniform } from '../random.js'
import { presenceOf } from './cross-entropy.js'
import { meanOverPairs, type Pair, pairName, type Scene } from './loss.js'
import { cellsOf } from './relation.js'
import { term } from './term.js'
import { tokensOf } from './tokens-of.js'

const sizeOf = (
  { width, blocks, heads }: { width: number; blocks: number; heads: number },
  input: number,
): FusionSize => ({ input, width, blocks, heads })

const inputOf = (what: string, { a, b }: Pick<Pair, 'a' | 'b'>): string =>
  `${what}/${pairName({ a, b })}`

export const itmTerm = term({
  summary: 'matching by a fusion encoder, with hard negatives',
  source: 'ALBEF (Li et al. 2021), TCL (Yang et al. 2022), AAI (2023)',
  about: `A small transformer for each pair looks at the tokens of both sides, those of the second asking those of the first, and says whether they belong together: image-text matching, of any two modalities. Beside the true pairs it sees for every item one wrong partner on each side, drawn with the probability that the softmax of the similarities gives it. pcm-rerank orders the best of a search by it. It is by far the most expensive term: an item costs three runs of the encoder, and the encoder grows with the square of width. A width of 64 does for word vectors. Reconstruction of AAI, by TCL; its size is ours.`,
  temperature: true,
  alone: false,
  tokens: 'used',
  options: {
    width: { type: 'number', default: 256, min: 4, max: 4096, short: 'units of a token' },
    blocks: { type: 'number', default: 2, min: 1, max: 24, short: 'blocks' },
    heads: { type: 'number', default: 4, min: 1, max: 64, short: 'attention heads' },
    dropout: { type: 'number', default: 0.1, min: 0, max: 0.95, short: 'share dropped' },
  },
  check({ width, blocks, heads }) {
    if (![width, blocks, heads].every(Number.isInteger)) return 'sizes are whole numbers'
    return width % heads === 0 ? undefined : 'the heads have to divide the width'
  },
  parameters: (values, dim) => fusionParameters(sizeOf(values, dim)),
  draws(values, { batch, pairs }) {
    const widths = fusionDropouts(sizeOf(values, 0))
    const own = (pair: Pair) => [
      ...['first', 'second'].map(side => [
        inputOf(side, pair),
        {
          shape: [batch],
          dtype: 'float32' as const,
          fill: ({ key }: { key: number }) =>
            Float32Array.from({ length: batch }, (_, i) => uniform(key, i)),
        },
      ]),
      ...(values.dropout === 0 ? [] : widths).map((width, i) => [
        inputOf(`dropout${i}`, pair),
        {
          shape: [3 * batch, width],
          dtype: 'float32' as const,
          fill: ({ key }: { key: number }) =>
            dropoutMask(new Float32Array(3 * batch * width), values.dropout, key),
        },
      ]),
    ]
    return Object.fromEntries(pairs.flatMap(own))
  },
  loss: values => scene => meanOverPairs(scene, pair => matchingLoss(scene, pair, values)),
})

/** Two-way cross-entropy over true pairs and two hard negatives each (METHODS 2.5). */
function matchingLoss(
  scene: Scene,
  pair: Pair,
  values: { width: number; blocks: number; heads: number },
): Tensor {
  const [u, v] = [scene.units[pair.a]!, scene.units[pair.b]!]
  const [size, dim] = u.shape
  const relation = scene.relation(pair)
  const draw = (what: string): Tensor | undefined => scene.draws[inputOf(what, pair)]
  const { rest } = cellsOf(relation, size, { first: 0, size })
  const logits = tf.mul(tf.matMul(u, v, false, true), scene.scale(pair)) as Tensor2D
  const other = drawColumns(logits, rest, draw('first') as Tensor1D)
  const back = drawColumns(tf.transpose(logits), rest, draw('second') as Tensor1D)
  const [x, y] = [tokensOf(scene, pair.a), tokensOf(scene, pair.b)]
  const asked = together([x, x, pick(x, back.columns)])
  const asking = together([y, pick(y, other.columns), y])
  const fusion = sizeOf(values, dim)
  const dropouts = fusionDropouts(fusion).flatMap((_, i) => draw(`dropout${i}`) ?? [])
  const found = fuse(asking, asked, scene.parameters!(pair), fusion, dropouts)
  const there = presenceOf(relation, size)
  const weights = tf.concat([there, tf.mul(there, other.some), tf.mul(there, back.some)])
  const truth = tf.concat([tf.ones([size]), tf.zeros([2 * size])])
  const right = tf.add(tf.mul(column(found, 1), truth), tf.mul(column(found, 0), tf.sub(1, truth)))
  const losses = tf.sub(logSumExp(found, 1), right)
  return tf.div(tf.sum(tf.mul(losses, weights)), tf.maximum(tf.sum(weights), 1))
}

const column = (x: Tensor2D, at: number): Tensor =>
  tf.squeeze(tf.slice(x, [0, at], [x.shape[0], 1]), [1])

const pick = ({ values, mask }: Tokens, rows: Tensor1D): Tokens => ({
  values: takeRows(values, rows),
  mask: takeRows(mask, rows),
})

const together = (parts: Tokens[]): Tokens => ({
  values: tf.concat(parts.map(({ values }) => values)) as Tensor3D,
  mask: tf.concat(parts.map(({ mask }) => mask)) as Tensor2D,
})
