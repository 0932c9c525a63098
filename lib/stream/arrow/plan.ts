import type { NumberFormat } from '../number-format.js'
import type { ModalityField, OtherField } from '../types.js'
import type { RowName } from './adapt.js'
import type { Cells, Form } from './cells.js'

/** What becomes of one Arrow column on its way in. */
export type Plan = {
  /** The form after `adapt`. */
  form: Form
  /** Brings what other writers do differently into the shape that pcm writes. */
  adapt(column: Cells, row: RowName): Cells
} & (
  | { modality: ModalityField; other?: undefined }
  | { modality?: undefined; other: OtherField; format: NumberFormat | undefined }
)
