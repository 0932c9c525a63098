import { type Tensor2D, tf } from '../../engine/tf.js'
import { type Head, linearParameters, normParameters } from './head.js'
import { dropout, gelu, layerNorm, linear } from './layers.js'

export const linMlpHead: Head = {
  summary: 'Linear(h) + Linear(GELU(Linear(h))) of h = dropout(LayerNorm(x))',
  source: 'freeze-align Patch_Projection (Maniparambil et al. 2024)',
  about: `For wide features of strong encoders and many items: the features are normed first, and a linear layer goes around the hidden one. Several times the parameters of the default.`,
  takes: 'vectors',
  parameters: ({ input, hidden, output }) => [
    ...normParameters('norm', input),
    ...linearParameters('linear', input, output),
    ...linearParameters('in', input, hidden),
    ...linearParameters('out', hidden, output),
  ],
  dropouts: ({ input }) => [input],
  forward: (x, p, [mask]) => {
    const h = dropout(layerNorm(x as Tensor2D, p, 'norm'), mask)
    return tf.add(linear(h, p, 'linear'), linear(gelu(linear(h, p, 'in')), p, 'out'))
  },
}
