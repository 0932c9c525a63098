import { type FusionDescription, fusionLayout } from '../../lib/coordinate/fusion/description.js'
import { embeddingHead } from '../../lib/coordinate/heads/embedding.js'
import { HEADS, type HeadKind } from '../../lib/coordinate/heads/index.js'
import { initialValues, layoutOf } from '../../lib/coordinate/layout.js'
import { headsOf, type Model, type ModelModality } from '../../lib/coordinate/model.js'
import { reals } from '../engine/numbers.js'

export const DIM = 4

/** A modality of a model: features of 3 numbers, or categories a, b, c. */
export const modality = (name: string, head: HeadKind | 'embedding'): ModelModality => ({
  name,
  kind: head === 'embedding' ? 'category' : 'vector',
  head,
  input: head === 'identity' ? DIM : 3,
  hidden: 5,
  dropout: 0,
  ...(head === 'embedding' && { vocabulary: ['a', 'b', 'c'] }),
})

/** A model that nobody trained: starting values of a seed, statistics that do something. */
export function modelOf(modalities: ModelModality[], seed = 0, fusion?: FusionDescription): Model {
  const names = new Set(modalities.map(({ name }) => name))
  const layout = layoutOf(headsOf({ modalities, dim: DIM }, names), fusionLayout(fusion, DIM))
  return {
    description: {
      format: 1,
      dim: DIM,
      modalities,
      ...(fusion && { fusion }),
      loss: 'pcmc',
      temperature: 'shared',
      pairs: [],
      training: { epoch: 1 },
    },
    layout,
    values: initialValues(layout, seed),
    logScale: Float32Array.of(2.5),
    statistics: Object.fromEntries(
      modalities
        .filter(({ head }) => head !== 'embedding')
        .map(({ name, input }, i) => [
          name,
          { mean: reals(input, seed + i), deviation: reals(input, seed + i + 9, 0.5, 2) },
        ]),
    ),
  }
}

/** The numbers of one parameter. */
export function parameter({ layout, values }: Model, path: string): Float32Array {
  const { group, offset, size } = layout.slots.find(slot => slot.path === path)!
  return values[group].subarray(offset, offset + size)
}

/** One model with a head of every kind, named after it. */
export const everyHead = (): Model =>
  modelOf(
    [...Object.keys({ ...HEADS, embedding: embeddingHead })].map(kind =>
      modality(kind, kind as HeadKind | 'embedding'),
    ),
  )
