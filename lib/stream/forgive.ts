import { unpackBits } from './arrow/bits.js'
import { type Cells, isNull, nullsOf } from './arrow/cells.js'
import { allFinite } from './check-values.js'
import { floats } from './decode-modality.js'
import { owner } from './owner.js'
import type { ModalityField } from './types.js'

/** Told of each value that is taken as missing: its column and the row of the stream. */
export type Forgive = (column: string, row: number) => void

/**
 * The column with null in place of every row that has a number which is none: NaN, infinite, or
 * null within a vector. `tell` gets the slots.
 */
export const withoutUnsound = (
  column: Cells,
  field: ModalityField,
  tell: (slot: number) => void,
): Cells => {
  if (field.layout === 'category') return column
  const numbers = numbersOf(column, field)
  const values = floats(numbers, field)
  if (numbers.nulls === 0 && allFinite(values)) return column
  const present = unpackBits(column.validity, column.length)
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]) && !isNull(numbers, i)) continue
    const slot = slotOf(column, field, Math.floor(i / field.dim))
    if (present[slot]) tell(slot)
    present[slot] = 0
  }
  return { ...column, ...nullsOf(present) }
}

const numbersOf = ({ children }: Cells, { layout }: ModalityField): Cells => {
  const inner = children[0]!
  if (layout === 'vector') return inner
  const vectors = layout === 'views-of-tokens' ? inner.children[0]! : inner
  return vectors.children[0]!
}

/** The row that vector v belongs to. */
const slotOf = ({ offsets, children }: Cells, { layout }: ModalityField, v: number): number => {
  if (layout === 'vector') return v
  return owner(offsets, layout === 'views-of-tokens' ? owner(children[0]!.offsets, v) : v)
}
