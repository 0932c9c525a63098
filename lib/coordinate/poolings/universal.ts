import { type Tensor2D, tf } from '../../engine/tf.js'
import { attend } from '../fusion/attention.js'
import { linearParameters, normParameters } from '../heads/head.js'
import { gelu, layerNorm, linear } from '../heads/layers.js'
import type { Pooling } from './pooling.js'

const PARTS = ['query', 'key', 'value', 'out'] as const
const FEED_FORWARD = 4

/** Four attention heads where they divide the dimensions, else two, else one. */
const headsFor = (dim: number): number => [4, 2].find(heads => dim % heads === 0) ?? 1

/**
 * OneEncoder's universal projection (METHODS 3.14): what the head makes of each token, y, with a
 * vector of its modality t added, z = y + t, goes through one transformer layer that all modalities
 * share, Transformer(LN(z)) + z; the mean over tokens. t = MLP(3 > 64 > 128 > d, ReLU, LN) of a
 * learned 3-vector.
 */
export const universalPooling: Pooling = {
  summary: 'one transformer layer for all modalities, and the mean of the tokens',
  source: 'OneEncoder (Faye et al. 2024)',
  about: `Progressive alignment: train two modalities, then add others one at a time with --init MODEL --freeze, naming those that are there. What is shared is frozen with them, and the new modality learns its head and the vector that tells it from the others. Of vectors it makes more than a head alone, 5 and 7 points of r@1 on LandUse-21 and Mfeat for four times the time; of words it does not.`,
  vectors: true,
  parameters: dim => [
    { name: 'modality', shape: [1, 3], initial: { normal: 1 }, decay: true },
    ...linearParameters('token.in', 3, 64),
    ...linearParameters('token.middle', 64, 128),
    ...linearParameters('token.out', 128, dim),
    ...normParameters('token.norm', dim),
  ],
  shared: dim => [
    ...normParameters('norm', dim),
    ...PARTS.flatMap(part => linearParameters(`self.${part}`, dim, dim)),
    ...normParameters('feed.norm', dim),
    ...linearParameters('feed.in', dim, FEED_FORWARD * dim),
    ...linearParameters('feed.out', FEED_FORWARD * dim, dim),
  ],
  pool(x, mask, p) {
    const [items, tokens, dim] = x.shape
    const hidden = tf.relu(linear(p.modality!, p, 'token.in'))
    const deeper = tf.relu(linear(hidden, p, 'token.middle'))
    const own = layerNorm(linear(deeper, p, 'token.out'), p, 'token.norm')
    const z = tf.add(tf.reshape(x, [items * tokens, dim]), own) as Tensor2D
    const rows = (x: Tensor2D) => ({ x, tokens })
    const normed = layerNorm(z, p, 'norm')
    const attended = tf.add(
      normed,
      attend(rows(normed), rows(normed), mask, p, 'self', headsFor(dim)),
    ) as Tensor2D
    const fed = linear(layerNorm(attended, p, 'feed.norm'), p, 'feed.in')
    const out = tf.add(tf.add(attended, linear(gelu(fed), p, 'feed.out')), z)
    const each = tf.reshape(out, [items, tokens, dim])
    return tf.div(tf.sum(tf.mul(each, tf.expandDims(mask, 2)), 1), tf.sum(mask, 1, true))
  },
}
