import { badUsage } from '../error.js'
import type { ModalityField } from '../stream/types.js'
import { pairName } from './losses/loss.js'
import { looksAtTokens, needsTokens } from './losses/sum.js'
import type { ModelDescription, ModelModality } from './model.js'
import { poolsVectors } from './poolings/index.js'
import type { TrainSettings } from './settings.js'
import type { TrainTask } from './train.js'

/** Whose tokens the heads see: those of a known head that does, and of new ones that are asked to. */
export const keepsTokens =
  ({ settings, init, teacher, closedForm }: TrainTask) =>
  (name: string): boolean => {
    const itsHead = teacher?.description.modalities.find(m => m.name === name)
    if (itsHead?.pooling !== undefined) return true
    const known = init?.description.modalities.find(m => m.name === name)
    if (known) return known.pooling !== undefined
    return (
      !closedForm && (settings.head(name).pooling !== undefined || looksAtTokens(settings.terms))
    )
  }

/** Refuses (64) what asks for tokens where there are none. */
export function checkTokens(
  { source, task, fields }: { source: string; task: TrainTask; fields: readonly ModalityField[] },
  settings: TrainSettings,
  modalities: readonly ModelModality[],
): void {
  if (modalities.some(({ pooling }) => pooling !== undefined)) return
  const wanted = fields.some(({ name }) => {
    const { pooling } = settings.head(name)
    return pooling !== undefined && !poolsVectors(pooling)
  })
  const needing = task.closedForm ? undefined : needsTokens(settings.terms)
  if (!wanted && needing === undefined) return
  throw badUsage(
    `${source}: ${wanted ? '--pooling' : needing} is of tokens, and no modality comes as such`,
    'extract them: the option tokens of an encoder keeps them',
  )
}

/** The fusion encoders that a matching term trains. */
export const fusionOf = ({ terms, pairs }: TrainSettings): Pick<ModelDescription, 'fusion'> => {
  const term = terms.find(({ name }) => name === 'itm')
  if (!term) return {}
  const { width, blocks, heads } = term.values as Record<string, number>
  const size = { width: width!, blocks: blocks!, heads: heads! }
  return { fusion: { pairs: pairs.map(pairName), ...size } }
}
