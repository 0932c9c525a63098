import { badUsage } from '../../error.js'
import type { OtherColumn, OtherField, ProvenanceRecord, StreamSchema } from '../../stream/types.js'
import type { OutputBatch } from '../../stream/write.js'
import type { Classified } from '../zeroshot.js'

/** The columns that name the nth nearest class of a modality and its score. */
const classColumn = (modality: string, n: number) => `${modality}.class${n === 1 ? '' : `.${n}`}`
const scoreColumn = (modality: string, n: number) => `${modality}.score${n === 1 ? '' : `.${n}`}`

/** The schema of predictions: all columns of the input but the embeddings, then the classes. */
export const predictionSchema = (
  input: StreamSchema,
  modalities: readonly string[],
  top: number,
  provenance: ProvenanceRecord[],
): StreamSchema => {
  const added = modalities.flatMap(name =>
    upTo(top).flatMap(n => [
      newField(classColumn(name, n), 'text'),
      newField(scoreColumn(name, n), 'real'),
    ]),
  )
  const clash = added.find(({ name }) => input.others.some(other => other.name === name))
  if (clash) throw badUsage(`the input has a column '${clash.name}', as the predictions would have`)
  const others = [...input.others, ...added]
  return { ...input, content: 'predictions', modalities: [], others, provenance }
}

/** The predictions for one batch; null where a row lacks the modality, or there are fewer classes. */
export const predictionBatch = (
  { batch, rows }: Classified,
  names: readonly string[],
  top: number,
): OutputBatch => {
  const others: Record<string, OtherColumn> = {}
  for (const [modality, { entries, scores }] of rows)
    for (const n of upTo(top)) {
      const place = (row: number) => row * top + n - 1
      const each = <T>(of: (place: number) => T) =>
        column(
          Array.from({ length: batch.rows }, (_, row) =>
            entries[place(row)]! < 0 ? null : of(place(row)),
          ) as OtherColumn['values'],
        )
      others[classColumn(modality, n)] = each(place => names[entries[place]!]!)
      others[scoreColumn(modality, n)] = each(place => scores[place]!)
    }
  return { rows: batch.rows, others, from: batch }
}

const upTo = (top: number): number[] => Array.from({ length: top }, (_, i) => i + 1)

const column = (values: OtherColumn['values']): OtherColumn => ({ layout: 'other', values })

const newField = (name: string, type: 'text' | 'real'): OtherField => ({
  name,
  type,
  nullable: true,
  metadata: new Map(),
})
