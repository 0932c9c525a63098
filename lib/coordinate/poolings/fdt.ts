import { largest } from '../../engine/ops/largest.js'
import { sparsemax } from '../../engine/ops/sparsemax.js'
import { type Tensor2D, tf } from '../../engine/tf.js'
import { onlyWhere } from './mask.js'
import type { Pooling } from './pooling.js'

/** Entries of the dictionary for each dimension of the space: 1024 for 128. */
const ENTRIES = 8
/** Divides the scores: the higher, the more entries have a weight. */
const TEMPERATURE = 100

/**
 * Finite discrete tokens (METHODS 3.10): a_lc = <q_l, D_c> / (100 sqrt(d)) says how much token l is like
 * entry c of a dictionary D (C, d) that all modalities share; the embedding is sparsemax(max_l a_l) D.
 * Padding is no candidate of the maximum; released code gives it a score of 0.
 */
export const fdtPooling: Pooling = {
  summary: 'a sparse mean of the entries of a dictionary that all modalities share',
  source: 'finite discrete tokens, FDT (Chen et al. 2023)',
  about: `Both a picture and its caption become a few of the same learned entries, each by its largest score among the tokens. The head takes the place of the paper's query map, and the temperature stays at 100, where the paper's begins at 1000; far lower ones, which are sparser, retrieve far worse.`,
  vectors: true,
  parameters: () => [],
  shared: dim => [
    { name: 'dictionary', shape: [ENTRIES * dim, dim], initial: { normal: 1 }, decay: true },
  ],
  pool(x, mask, p) {
    const [items, tokens, dim] = x.shape
    const dictionary = p.dictionary as Tensor2D
    const entries = dictionary.shape[0]
    const flat = tf.matMul(tf.reshape(x, [items * tokens, dim]), dictionary, false, true)
    const scores = tf.reshape(tf.div(flat, TEMPERATURE * Math.sqrt(dim)), [items, tokens, entries])
    const best = largest(onlyWhere(scores, tf.expandDims(mask, 2)), 1)
    return tf.matMul(sparsemax(best as Tensor2D), dictionary)
  },
}
