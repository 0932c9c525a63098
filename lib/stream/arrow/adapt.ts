import { badData } from '../../error.js'
import { encodeTexts } from '../encode-other.js'
import { type NumberFormat, viewAs } from '../number-format.js'
import { bytesOf, type Cells, type Form, isNull } from './cells.js'

/** Names a row in messages. */
export type RowName = (row: number) => string

/** float64 vectors become float32; what does not fit becomes infinite and is refused later. */
export const narrowFloats = (column: Cells): Cells => {
  if (column.form.kind !== 'fixed')
    return { ...column, form: narrowForm(column.form), children: column.children.map(narrowFloats) }
  const data = bytesOf(Float32Array.from(viewAs('float64', column.data)))
  return { ...column, form: narrowForm(column.form), data }
}

export const narrowForm = (form: Form): Form => {
  if (form.kind === 'fixed') return { kind: 'fixed', bytes: 4 }
  if (form.kind === 'list' || form.kind === 'fixed-list')
    return { ...form, child: narrowForm(form.child) }
  return form
}

/** Every item has an id; numbers are written out. */
export const adaptId = (column: Cells, format: NumberFormat | undefined, row: RowName): Cells => {
  if (column.nulls > 0) {
    let slot = 0
    while (!isNull(column, slot)) slot++
    throw badData(`${row(slot)}: no id`)
  }
  return format === undefined
    ? column
    : encodeTexts(Array.from(viewAs(format, column.data), String))
}
