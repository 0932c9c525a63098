import { type Tensor2D, tf } from '../../engine/tf.js'
import { type Head, linearParameters, normParameters } from './head.js'
import { dropout, gelu, layerNorm, linear } from './layers.js'

export const linMlpHead: Head = {
  summary: 'h = dropout(LayerNorm(x)), then Linear(h) + Linear(GELU(Linear(h)))',
  source: 'freeze-align Patch_Projection (Maniparambil et al. 2024)',
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
