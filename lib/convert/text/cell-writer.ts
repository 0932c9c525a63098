import { badData } from '../../error.js'
import type { Batch } from '../../stream/batch.js'
import type { ModalityField, OtherField } from '../../stream/types.js'
import type { TextBuffer } from './text-buffer.js'

/** Writes the value that a row has in one column. */
export type CellWriter = (row: number) => void

export type Value = string | number | bigint | boolean

/** How a format writes what it meets. */
export interface TextStyle {
  out: TextBuffer
  /** What stands for a value that is not there; `width` is how many columns it has. */
  missing(width: number): void
  value(value: Value, field: OtherField, row: number): void
  /** Vectors `from` .. `to`-1 of `values`. */
  vectors(values: Float32Array, dim: number, from: number, to: number, list: boolean): void
  name(name: string): void
  /** Brackets around the views of a row, where views hold tokens. */
  list(count: number, item: (index: number) => void): void
}

/** The writer of one modality for the rows of a batch. */
export const modalityWriter = (
  style: TextStyle,
  field: ModalityField,
  batch: Batch,
): CellWriter => {
  const column = batch.modality(field.name)
  const { present } = column
  const width = field.layout === 'vector' ? field.dim : 1
  const write = (row: number): void => {
    switch (column.layout) {
      case 'category':
        return style.name(field.vocabulary![column.codes[row]!]!)
      case 'vector':
        return style.vectors(column.values, column.dim, row, row + 1, false)
      case 'tokens':
      case 'views': {
        const { values, dim, offsets } = column
        return style.vectors(values, dim, offsets[row]!, offsets[row + 1]!, true)
      }
      case 'views-of-tokens': {
        const { values, dim, offsets, viewOffsets } = column
        const first = offsets[row]!
        return style.list(offsets[row + 1]! - first, view =>
          style.vectors(
            values,
            dim,
            viewOffsets[first + view]!,
            viewOffsets[first + view + 1]!,
            true,
          ),
        )
      }
    }
  }
  return row => (present[row] ? write(row) : style.missing(width))
}

/** The writer of any other column for the rows of a batch. */
export const otherWriter = (style: TextStyle, field: OtherField, batch: Batch): CellWriter => {
  const { values } = batch.other(field.name)
  return row => {
    const value = values[row]!
    if (value === null) style.missing(1)
    else style.value(value, field, batch.firstRow + row)
  }
}

/** Columns whose values are no words or numbers have no text. */
export const checkReadable = (others: readonly OtherField[], format: string): void => {
  const opaque = others.find(({ type }) => type === 'opaque')
  if (opaque)
    throw badData(
      `column '${opaque.name}' holds neither text, numbers nor booleans, which ${format} cannot hold`,
      'choose what to write with --modality and --column, or write arrow or parquet',
    )
}
