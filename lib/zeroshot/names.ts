import { badData } from '../error.js'
import type { Batch } from '../stream/batch.js'
import type { NameSource } from './plan.js'

/** The class name of every row of a batch; null where there is none. Numbers count as their text. */
export const namesIn = (batch: Batch, { column, vocabulary }: NameSource): (string | null)[] =>
  batch.other(column).values.map((value, row) => {
    if (value === null) return null
    if (!vocabulary) return String(value)
    const name = vocabulary[Number(value)]
    if (name !== undefined) return name
    throw badData(
      `column '${column}': row ${batch.firstRow + row} has code ${value}, the vocabulary has ${vocabulary.length}`,
    )
  })
