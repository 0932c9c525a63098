import type { Dataset } from './dataset.js'
import { standardise, type Statistics, statisticsOf } from './standardise.js'

/** Standardises every vector modality in place: by known statistics, else by those of the rows. */
export function standardiseAll(
  data: Dataset,
  train: Int32Array,
  known: Record<string, Statistics>,
): Record<string, Statistics> {
  const statistics: Record<string, Statistics> = {}
  for (const [name, modality] of Object.entries(data.modalities)) {
    if (modality.type === 'codes') continue
    statistics[name] = known[name] ?? statisticsOf(modality, train)
    standardise(modality, statistics[name])
  }
  return statistics
}

/** Statistics that leave features as they are, of the modalities for which that is wanted. */
export function plainStatistics(
  data: Dataset,
  wanted: (modality: string) => boolean,
): Record<string, Statistics> {
  const plain: Record<string, Statistics> = {}
  for (const [name, modality] of Object.entries(data.modalities))
    if (modality.type === 'vectors' && wanted(name))
      plain[name] = {
        mean: new Float32Array(modality.dim),
        deviation: new Float32Array(modality.dim).fill(1),
      }
  return plain
}
