import { fusionLayout } from './fusion/description.js'
import { olderFusion } from './fusion/grown.js'
import { emptyValues, layoutOf, type Slot } from './layout.js'
import { headsOf, type Model, type ModelDescription } from './model.js'

/**
 * The model of a space that has grown: every head of `old` that was not trained further, byte for
 * byte, with the fusion encoders between such heads, then what `grown` has.
 */
export function mergeModels(old: Model, grown: Model): Model {
  const trained = new Set(grown.description.modalities.map(({ name }) => name))
  const kept = old.description.modalities.filter(({ name }) => !trained.has(name))
  const description = {
    ...grown.description,
    modalities: [...kept, ...grown.description.modalities],
    ...fusionOfBoth(old, grown),
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

function fusionOfBoth(old: Model, grown: Model): Pick<ModelDescription, 'fusion'> {
  const changed = new Set(grown.layout.heads.filter(h => !h.frozen).map(({ name }) => name))
  const { fusion } = grown.description
  const { kept } = olderFusion(old, changed, fusion?.pairs ?? [])
  const sizes = fusion ?? old.description.fusion
  const pairs = [...kept, ...(fusion?.pairs ?? [])]
  return sizes && pairs.length > 0 ? { fusion: { ...sizes, pairs } } : {}
}
