import { type Head, linearParameters } from './head.js'
import { linear } from './layers.js'

export const linearHead: Head = {
  summary: 'one linear layer',
  source: 'CLIP (Radford et al. 2021)',
  takes: 'vectors',
  first: { layer: 'linear', embeds: true },
  parameters: ({ input, output }) => linearParameters('linear', input, output),
  dropouts: () => [],
  forward: (x, p) => linear(x, p, 'linear'),
}
