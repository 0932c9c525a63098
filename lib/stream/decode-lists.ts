import { badData } from '../error.js'
import { type Cells, isNull } from './arrow/cells.js'
import { textReader } from './decode-other.js'

/** The texts of a column of lists, one array a row; null where a row has no list. */
export const decodeLists = (column: Cells): (readonly string[] | null)[] => {
  const [child] = column.children
  if (column.form.kind !== 'list' || child?.form.kind !== 'bytes' || !child.form.utf8)
    throw badData(`found ${column.form.kind}, expected text or lists of texts`)
  if (child.nulls > 0) throw badData('found a null inside a list, expected texts')
  const read = textReader(child)
  return Array.from({ length: column.length }, (_, row) => {
    if (isNull(column, row)) return null
    const first = column.offsets[row]!
    return Array.from({ length: column.offsets[row + 1]! - first }, (_, i) => read(first + i))
  })
}
