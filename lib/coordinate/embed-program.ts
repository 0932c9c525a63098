import { unitRows } from '../engine/ops/unit-rows.js'
import { tf } from '../engine/tf.js'
import type { Program } from '../engine/types.js'
import { GROUPS, type Layout, type ModalityHead, parametersOf, unpack } from './layout.js'

/** State that standardises raw features before a head: (D) each. */
export const meanName = (modality: string): string => `${modality}/mean`
export const deviationName = (modality: string): string => `${modality}/deviation`

/**
 * Unit embeddings (block, d) of a block of features (block, D) or codes (block).
 *
 * State: the flat parameters of the layout and, with `raw`, mean and deviation of the modality.
 */
export function embedProgram(
  layout: Layout,
  head: ModalityHead,
  options: { block: number; raw: boolean },
): Program {
  const { block } = options
  const codes = head.head.takes === 'codes'
  return {
    name: `embedding of ${head.name}`,
    inputs: {
      x: codes
        ? { shape: [block], dtype: 'int32' }
        : { shape: [block, head.size.input], dtype: 'float32' },
    },
    step({ state, inputs }) {
      const own = { ...layout, slots: layout.slots.filter(s => s.path.startsWith(`${head.name}/`)) }
      const flat = Object.fromEntries(GROUPS.flatMap(g => (state[g] ? [[g, state[g]]] : [])))
      const parameters = parametersOf(head.name, unpack(own, flat))
      const x =
        codes || !options.raw
          ? inputs.x!
          : tf.div(tf.sub(inputs.x!, state[meanName(head.name)]!), state[deviationName(head.name)]!)
      return { outputs: { embedding: unitRows(head.head.forward(x, parameters, [])) } }
    },
  }
}
