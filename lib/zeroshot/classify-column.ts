import { unitColumn } from '../retrieve/unit-column.js'
import type { Batch } from '../stream/batch.js'
import type { ModalityField } from '../stream/types.js'
import type { Classifier, Nearest } from './classifier.js'
import { vectorsOf } from './vectors-of.js'

/** A classified row of a batch; `scores` gives its exact scores for every class. */
export interface ClassifiedRow extends Nearest {
  row: number
  scores(): Float64Array
}

/** The nearest classes of the rows of a batch that have the modality, one after the other. */
export async function* classifyColumn(
  classifier: Classifier,
  field: ModalityField,
  { batch, source, gamma }: { batch: Batch; source: string; gamma: number },
): AsyncGenerator<ClassifiedRow> {
  const column = unitColumn(field, batch.modality(field.name), source, batch.firstRow)
  const { rows, vectors } = vectorsOf(column)
  for await (const nearest of classifier.classify(vectors, gamma))
    yield {
      ...nearest,
      row: rows[nearest.query]!,
      scores: () => classifier.scores(vectors, nearest.query, gamma),
    }
}
