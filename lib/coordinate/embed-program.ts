import { unitRows } from '../engine/ops/unit-rows.js'
import { type Tensor1D, tf } from '../engine/tf.js'
import type { Program } from '../engine/types.js'
import { forward } from './forward.js'
import { type Layout, type ModalityHead, sharedOwner, type Slot } from './layout.js'
import { unpack } from './pieces.js'
import { maskOf } from './poolings/mask.js'

/** State that standardises raw features before a head: (D) each. */
export const meanName = (modality: string): string => `${modality}/mean`
export const deviationName = (modality: string): string => `${modality}/deviation`

/**
 * Unit embeddings (block, d) of a block of features (block, D), codes (block) or, with `tokens`,
 * sequences (block, tokens, D) of the lengths given; with `local` the unit embeddings of each token,
 * too.
 *
 * State: the parameters of the layout and, with `raw`, mean and deviation of the modality.
 */
export function embedProgram(
  layout: Layout,
  head: ModalityHead,
  options: { block: number; raw: boolean; tokens?: number; local?: boolean },
): Program {
  const { block, tokens } = options
  const codes = head.head.takes === 'codes'
  return {
    name: `embedding of ${head.name}`,
    inputs: {
      x: codes
        ? { shape: [block], dtype: 'int32' }
        : { shape: [block, ...(tokens ? [tokens] : []), head.size.input], dtype: 'float32' },
      ...(tokens && { lengths: { shape: [block], dtype: 'int32' } }),
    },
    step({ state, inputs }) {
      const owners = [head.name, ...(head.pooling ? [sharedOwner(head.pooling)] : [])]
      const isOwn = ({ path }: Slot): boolean => owners.some(owner => path.startsWith(`${owner}/`))
      const parameters = unpack(layout, state, isOwn)
      const x =
        codes || !options.raw
          ? inputs.x!
          : tf.div(tf.sub(inputs.x!, state[meanName(head.name)]!), state[deviationName(head.name)]!)
      const mask = tokens ? maskOf(inputs.lengths as Tensor1D, tokens) : undefined
      const { vectors, tokens: each } = forward(head, x, mask, parameters, [])
      return {
        outputs: {
          embedding: unitRows(vectors),
          ...(options.local && each && { tokens: unitRows(each.values) }),
        },
      }
    },
  }
}
