import { olderFusion } from './fusion/grown.js'
import type { Dataset } from './data/dataset.js'
import { type Leakage } from './leakage.js'
import { augmentationOf } from './losses/sum.js'
import type { WeightedTerm } from './losses/term.js'
import type { ModalityField } from '../stream/types.js'
import type { Model } from './model.js'

type Warn = (text: string) => void

/** An item on two sides of a split. */
export function warnOfLeakage({ val, test }: Leakage, warn: Warn): void {
  if (val > 0)
    warn(`items in training and validation rows alike: ${val}; the epoch is chosen on some it saw`)
  if (test > 0)
    warn(`items in training rows and in split=test alike: ${test}; a measure of those flatters`)
}

/** Features of another encoder have the same shape and another meaning. */
export function warnOfEncoders(
  fields: readonly ModalityField[],
  option: '--init' | '--teacher',
  model: Model | undefined,
  warn: Warn,
): void {
  for (const { name, encoder } of fields) {
    const known = model?.description.modalities.find(m => m.name === name)?.encoder
    if (known !== undefined && encoder !== undefined && known !== encoder)
      warn(`'${name}' was encoded by ${encoder}, the head of ${option} was made for ${known}`)
  }
}

/** A second view that is the first one: its term does no more than drive items apart (METHODS 2.3). */
export function warnOfViews(terms: readonly WeightedTerm[], data: Dataset, warn: Warn): void {
  const { noise, features } = augmentationOf(terms) ?? { noise: 1, features: 1 }
  if (noise + features > 0) return
  for (const [name, modality] of Object.entries(data.modalities))
    if (modality.type !== 'codes' && !modality.tokenOffsets)
      warn(
        `'${name}' comes as one vector an item, without tokens to drop: to ims both views of an item are one; give it noise or features`,
      )
}

/** What the new model will not have of the old one. */
export function warnOfFusion(
  init: Model | undefined,
  changed: ReadonlySet<string>,
  trained: readonly string[],
  warn: Warn,
): void {
  if (!init) return
  const { stale } = olderFusion(init, changed, trained)
  if (stale.length > 0)
    warn(
      `the model loses the fusion encoder of ${stale.join(', ')}: a head of it is trained further; --term itm trains it along, --freeze leaves the heads as they are`,
    )
}
