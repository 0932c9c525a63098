import type { Dataset, ModalityData } from '../data/dataset.js'

/** A dataset whose vectors may be changed in place without changing those of the other. */
export const copyOf = (data: Dataset): Dataset => ({
  ...data,
  modalities: Object.fromEntries(
    Object.entries(data.modalities).map(([name, modality]) => [name, copied(modality)]),
  ),
})

const copied = (modality: ModalityData): ModalityData =>
  modality.type === 'vectors' && inMemory(modality)
    ? { ...modality, values: modality.values.slice() }
    : modality

type InMemory = Extract<ModalityData, { type: 'vectors' }> & { values: Float32Array }

export const inMemory = (modality: ModalityData): modality is InMemory =>
  modality.type === 'vectors' && modality.values instanceof Float32Array
