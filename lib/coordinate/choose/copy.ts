import type { Dataset, ModalityData } from '../data/dataset.js'
import { Spilled } from '../data/spilled.js'
import type { Values } from '../data/values.js'

/**
 * A dataset whose vectors may be changed in place without changing those of the other; all of them
 * in memory.
 */
export const copyOf = (data: Dataset): Dataset => ({
  ...data,
  modalities: Object.fromEntries(
    Object.entries(data.modalities).map(([name, modality]) => [name, copied(modality)]),
  ),
})

const copied = (modality: ModalityData): ModalityData =>
  modality.type === 'vectors' ? { ...modality, values: inMemoryCopy(modality.values) } : modality

const inMemoryCopy = (values: Values): Float32Array => {
  if (!(values instanceof Spilled)) return values.slice()
  const numbers = new Float32Array(values.length)
  values.read(0, numbers)
  return numbers
}

type InMemory = Extract<ModalityData, { type: 'vectors' }> & { values: Float32Array }

export const inMemory = (modality: ModalityData): modality is InMemory =>
  modality.type === 'vectors' && modality.values instanceof Float32Array
