import type { Tensor2D } from '../../engine/tf.js'
import type { Head } from './head.js'

export const identityHead: Head = {
  summary: 'the features as they are, which have to have the dimensions of the space',
  source: 'an encoder whose space the others are to join, as in ImageBind (Girdhar et al. 2023)',
  about: `Nothing is learned for such a modality and its features are not standardised: the others come to its space, and whatever the encoder has embedded elsewhere is in it already.`,
  takes: 'vectors',
  parameters: () => [],
  dropouts: () => [],
  forward: x => x as Tensor2D,
}
