import { fusionLayout } from './fusion/description.js'
import { emptyValues, layoutOf, type Slot } from './layout.js'
import { headsOf, type Model } from './model.js'

/**
 * The model of a space that has grown: every head of `old` that was not trained further, byte for
 * byte, then those of `grown`.
 */
export function mergeModels(old: Model, grown: Model): Model {
  const trained = new Set(grown.description.modalities.map(({ name }) => name))
  const kept = old.description.modalities.filter(({ name }) => !trained.has(name))
  const description = {
    ...grown.description,
    modalities: [...kept, ...grown.description.modalities],
  }
  const names = new Set(description.modalities.map(({ name }) => name))
  const { fusion, dim } = description
  const layout = layoutOf(headsOf(description, names), fusionLayout(fusion, dim))
  const values = emptyValues(layout)
  const find = (path: string): { model: Model; slot: Slot } => {
    const trained = grown.layout.slots.find(slot => slot.path === path)
    if (trained) return { model: grown, slot: trained }
    return { model: old, slot: old.layout.slots.find(slot => slot.path === path)! }
  }
  for (const { path, group, offset } of layout.slots) {
    const { model, slot } = find(path)
    values[group].set(
      model.values[slot.group].subarray(slot.offset, slot.offset + slot.size),
      offset,
    )
  }
  const statistics = Object.fromEntries(
    description.modalities
      .filter(({ head }) => head !== 'embedding')
      .map(({ name }) => [name, (trained.has(name) ? grown : old).statistics[name]!]),
  )
  return { ...grown, description, layout, values, statistics }
}
