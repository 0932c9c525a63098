import { badUsage } from '../../error.js'
import type { Layout, Slot } from '../layout.js'

/**
 * The weights (input, units) of the layer that the features of a modality go through first. Refuses
 * (64) heads without such, and where it has to `embed` those whose first layer does not; `option`
 * is who asks.
 */
export function firstLayer(
  layout: Layout,
  modality: string,
  { option, embed }: { option: string; embed: boolean },
): Slot {
  const { first } = layout.heads.find(({ name }) => name === modality)!.head
  if (!first || (embed && !first.embeds))
    throw badUsage(
      `${option}: the head of '${modality}' does not begin with a linear layer${embed ? ' into the space' : ''}`,
      `--head linear and residual-mlp do${embed ? '' : ', and mlp'}`,
    )
  return layout.slots.find(({ path }) => path === `${modality}/${first.layer}.weight`)!
}
