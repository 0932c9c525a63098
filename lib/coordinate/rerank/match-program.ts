import { tf } from '../../engine/tf.js'
import type { Program } from '../../engine/types.js'
import { type FusionDescription, fusionOwner } from '../fusion/description.js'
import { fuse } from '../fusion/fuse.js'
import { type Layout, parametersOf } from '../layout.js'
import { unpack } from '../pieces.js'
import type { ScoreProgram } from './scorer.js'
import { sequenceInputs, sequenceOf } from './sequences.js'

/** Scores pairs of items by the fusion encoder of their modalities: `match` or `ratio`. */
export const matchProgram =
  (
    layout: Layout,
    fusion: FusionDescription,
    pair: string,
    score: 'match' | 'ratio',
  ): ScoreProgram =>
  (tokens, dim): Program => {
    const owner = fusionOwner(pair)
    return {
      name: `matching of ${pair}`,
      inputs: sequenceInputs(tokens, dim),
      step({ state, inputs }) {
        const own = unpack(layout, state, ({ path }) => path.startsWith(`${owner}/`))
        const parameters = parametersOf(owner, own)
        const [asked, asking] = [sequenceOf(inputs, 'a'), sequenceOf(inputs, 'b')]
        const logits = fuse(asking, asked, parameters, { ...fusion, input: dim })
        const [apart, together] = tf.unstack(logits, 1)
        return {
          outputs: { score: score === 'match' ? together! : tf.sub(together!, apart!) },
        }
      },
    }
  }
