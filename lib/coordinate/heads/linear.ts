import { type Head, linearParameters } from './head.js'
import { linear } from './layers.js'

export const linearHead: Head = {
  summary: 'one linear layer',
  source: 'CLIP (Radford et al. 2021)',
  about: `Turns and stretches what the encoder has found, no more: the least to go wrong where items are few. It may start as a closed form (--start cca).`,
  takes: 'vectors',
  first: { layer: 'linear', embeds: true },
  parameters: ({ input, output }) => linearParameters('linear', input, output),
  dropouts: () => [],
  forward: (x, p) => linear(x, p, 'linear'),
}
