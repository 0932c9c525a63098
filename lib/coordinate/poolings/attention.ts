import { type Tensor2D, tf } from '../../engine/tf.js'
import { linearParameters } from '../heads/head.js'
import { linear } from '../heads/layers.js'
import { maskedSoftmax } from './mask.js'
import type { Pooling } from './pooling.js'

export const attentionPooling: Pooling = {
  summary: 'a mean weighed by softmax(<q, tanh(W x + b)>), with q learned',
  source: 'Yang et al. 2016',
  about: `Learns by their content which tokens count: for word vectors, most of which say little.`,
  parameters: dim => [
    ...linearParameters('attend', dim, dim),
    { name: 'query', shape: [dim, 1], initial: { fanIn: dim }, decay: true },
  ],
  pool(x, mask, p) {
    const [items, tokens, dim] = x.shape
    const hidden = tf.tanh(linear(tf.reshape(x, [items * tokens, dim]), p, 'attend'))
    const scores = tf.reshape(tf.matMul(hidden, p.query as Tensor2D), [items, tokens])
    return tf.sum(tf.mul(x, tf.expandDims(maskedSoftmax(scores, mask), 2)), 1)
  },
}
