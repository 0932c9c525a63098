import { unitColumn } from '../retrieve/unit-column.js'
import type { Batch } from '../stream/batch.js'
import type { ModalityField } from '../stream/types.js'
import type { Classifier, Nearest } from './classifier.js'
import { vectorsOf } from './vectors-of.js'

/** A classified row of a batch; `scores` gives its exact scores for every class. */
export interface ClassifiedRow extends Nearest {
  scores(): Float64Array
}

/** The nearest classes of the rows of a batch; nothing where a row lacks the modality. */
export const classifyColumn = async (
  classifier: Classifier,
  field: ModalityField,
  { batch, source, gamma }: { batch: Batch; source: string; gamma: number },
): Promise<(ClassifiedRow | undefined)[]> => {
  const column = unitColumn(field, batch.modality(field.name), source, batch.firstRow)
  const { rows, vectors } = vectorsOf(column)
  const found = Array.from<undefined>({ length: batch.rows }) as (ClassifiedRow | undefined)[]
  for await (const nearest of classifier.classify(vectors, gamma))
    found[rows[nearest.query]!] = {
      ...nearest,
      scores: () => classifier.scores(vectors, nearest.query, gamma),
    }
  return found
}
