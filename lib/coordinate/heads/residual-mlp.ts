import { tf } from '../../engine/tf.js'
import { type Head, linearParameters, normParameters } from './head.js'
import { dropout, gelu, layerNorm, linear } from './layers.js'

export const residualMlpHead: Head = {
  summary: 'LayerNorm(p + dropout(Linear(GELU(p)))) of p = Linear(x)',
  source: 'freeze-align ProjectionHead (Maniparambil et al. 2024)',
  about: `The default: a linear layer, and a correction beside it that is not linear, so that little is lost where a linear layer would do.`,
  takes: 'vectors',
  first: { layer: 'project', embeds: true },
  parameters: ({ input, output }) => [
    ...linearParameters('project', input, output),
    ...linearParameters('refine', output, output),
    ...normParameters('norm', output),
  ],
  dropouts: ({ output }) => [output],
  forward: (x, p, [mask]) => {
    const projected = linear(x, p, 'project')
    const refined = dropout(linear(gelu(projected), p, 'refine'), mask)
    return layerNorm(tf.add(projected, refined), p, 'norm')
  },
}
