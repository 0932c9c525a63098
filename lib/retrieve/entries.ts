import type { ModalityColumn } from '../stream/types.js'
import type { Vectors } from './vectors.js'

/** What one side of a direction holds: one entry a row, or one a view. */
export interface Entries {
  vectors: Vectors
  /** The row that entry e belongs to. */
  rows: Int32Array
  /** Entry e among all vectors of the column: tells the views of a row apart. */
  places: Int32Array
}

/** The entries of the selected rows (all without a selection) that have the modality. */
export const entriesOf = (
  column: ModalityColumn,
  selection: Uint8Array | undefined,
): Entries & { missing: number } => {
  if (column.layout !== 'vector' && column.layout !== 'views')
    throw new Error(`entries of layout ${column.layout}`)
  const rows: number[] = []
  const places: number[] = []
  let missing = 0
  for (let row = 0; row < column.present.length; row++) {
    if (selection && !selection[row]) continue
    const ragged = column.layout === 'views'
    const first = ragged ? column.offsets[row]! : row
    const end = !column.present[row] ? first : ragged ? column.offsets[row + 1]! : row + 1
    if (first === end) missing++
    for (let place = first; place < end; place++) {
      rows.push(row)
      places.push(place)
    }
  }
  const entries = { rows: Int32Array.from(rows), places: Int32Array.from(places) }
  return { ...entries, vectors: vectorsAt(column, entries.places), missing }
}

/**
 * Leaves out what says the same twice: entries of different rows with equal keys in every one of
 * `keys` and with the same vector. So features saved once per caption do not put each picture into
 * the gallery five times (METHODS 4.1), and a class is one entry, not one for every item of it.
 */
export const distinct = (entries: Entries, keys: readonly [Int32Array, Int32Array]): Entries => {
  const { rows, vectors } = entries
  /** By both keys as one number: the last entry kept, and for each of those the one before it. */
  const last = new Map<number, number>()
  const before = new Int32Array(rows.length)
  const kept = new Int32Array(rows.length)
  let count = 0
  const step = keys[1].length + 1
  for (let entry = 0; entry < rows.length; entry++) {
    const row = rows[entry]!
    const key = keys[0][row]! * step + keys[1][row]!
    const alike = last.get(key) ?? -1
    let other = alike
    while (other >= 0 && (rows[other] === row || !sameVector(vectors, other, entry)))
      other = before[other]!
    if (other >= 0) continue
    before[entry] = alike
    last.set(key, entry)
    kept[count++] = entry
  }
  return count === rows.length ? entries : choose(entries, kept.subarray(0, count))
}

/** The entries with the given indices, in that order. */
export const choose = (entries: Entries, indices: Int32Array): Entries => ({
  vectors: vectorsAt({ ...entries.vectors }, indices),
  rows: indices.map(entry => entries.rows[entry]!),
  places: indices.map(entry => entries.places[entry]!),
})

/** The vectors at some places of a column; the column's own memory where it is all of them. */
const vectorsAt = (
  { dim, values }: { dim: number; values: Float32Array },
  places: Int32Array,
): Vectors => {
  const count = places.length
  if (count * dim === values.length && places.every((place, i) => place === i))
    return { count, dim, values }
  const picked = new Float32Array(count * dim)
  for (let i = 0; i < count; i++)
    picked.set(values.subarray(places[i]! * dim, (places[i]! + 1) * dim), i * dim)
  return { count, dim, values: picked }
}

const sameVector = ({ dim, values }: Vectors, a: number, b: number): boolean => {
  for (let i = 0; i < dim; i++) if (values[a * dim + i] !== values[b * dim + i]) return false
  return true
}
