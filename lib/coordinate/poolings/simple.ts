import { largest } from '../../engine/ops/largest.js'
import { type Tensor2D, tf } from '../../engine/tf.js'
import { onlyWhere } from './mask.js'
import type { Pooling } from './pooling.js'

export const meanPooling: Pooling = {
  summary: 'the mean of the tokens',
  source: 'sentence embeddings since Mitchell and Lapata 2008',
  about: `Sound everywhere, and what the others have to beat. Without --pooling the features of the tokens are averaged; with it, what the head makes of each.`,
  parameters: () => [],
  pool(x, mask) {
    const sum = tf.sum(tf.mul(x, tf.expandDims(mask, 2)), 1)
    return tf.div(sum, tf.sum(mask, 1, true))
  },
}

export const maxPooling: Pooling = {
  summary: 'the largest value of each dimension',
  source: 'Collobert et al. 2011',
  about: `For tokens of which a few say all, such as the one word of a caption that names what is seen.`,
  parameters: () => [],
  pool: (x, mask) => largest(onlyWhere(x, tf.expandDims(mask, 2)), 1) as Tensor2D,
}

export const firstPooling: Pooling = {
  summary: 'the first token, which some encoders make stand for all',
  source: 'BERT (Devlin et al. 2019)',
  about: `For encoders that were trained to sum up in it, such as transformers with a class token; meaningless for word vectors.`,
  parameters: () => [],
  pool: x => tf.squeeze(tf.slice(x, [0, 0, 0], [x.shape[0], 1, x.shape[2]]), [1]),
}
