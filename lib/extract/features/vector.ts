import { badData } from '../../error.js'
import type { Cell } from '../../formats/table.js'
import type { ModalityColumn } from '../../stream/types.js'
import { isMissing, type ColumnFacts } from '../survey.js'
import { rowName, type Feature, type Row } from './types.js'

/** A manifest column a feature reads: its name, its place in a row's cells, what is known of it. */
export interface ManifestColumn {
  name: string
  at: number
  facts: ColumnFacts
}

/**
 * A vector modality from the numbers of manifest columns, one after the other. A list is several
 * numbers; in JSON Lines a list of lists is views.
 */
export function vectorFeature(
  name: string,
  columns: readonly ManifestColumn[],
  where: string,
): Feature {
  const dim = columns.reduce((sum, { facts }) => sum + facts.length, 0)
  const nested = columns.some(({ facts }) => facts.nested)
  if (nested && columns.length > 1) {
    throw badData(`${where}: a list of lists cannot be joined with other columns`)
  }
  if (dim === 0) throw badData(`${where}: no row has a value in ${columns[0]!.name}`)
  const layout = nested ? 'views' : 'vector'
  return {
    field: { name, kind: 'vector', layout, dim, float: 'float32', unit: false },
    read: async block =>
      nested ? views(block, columns[0]!, dim, where) : vectors(block, columns, dim, where),
    close: async () => {},
  }
}

function vectors(
  block: readonly Row[],
  columns: readonly ManifestColumn[],
  dim: number,
  where: string,
): ModalityColumn {
  const values = new Float32Array(block.length * dim)
  const present = new Uint8Array(block.length)
  block.forEach((row, index) => {
    const empty = columns.filter(({ at }) => isMissing(row.cells[at]!))
    if (empty.length === columns.length) return
    if (empty.length > 0) {
      throw badData(
        `${where}: ${rowName(row)}: column '${empty[0]!.name}' is empty and others are not`,
        'a vector is there as a whole or not at all',
      )
    }
    present[index] = 1
    let to = index * dim
    for (const { name, at, facts } of columns) {
      fill(row.cells[at]!, values.subarray(to, to + facts.length), () => place(where, row, name))
      to += facts.length
    }
  })
  return { layout: 'vector', dim, values, present }
}

function views(
  block: readonly Row[],
  { name, at }: ManifestColumn,
  dim: number,
  where: string,
): ModalityColumn {
  const present = new Uint8Array(block.length)
  const offsets = new Int32Array(block.length + 1)
  const found: Float32Array[] = []
  block.forEach((row, index) => {
    const cell = row.cells[at]!
    if (!isMissing(cell)) {
      present[index] = 1
      // A plain list among lists of lists is a single view.
      const list = Array.isArray(cell) && cell.some(Array.isArray) ? cell : [cell]
      for (const view of list as readonly Cell[]) {
        const vector = new Float32Array(dim)
        fill(view, vector, () => place(where, row, name))
        found.push(vector)
      }
    }
    offsets[index + 1] = found.length
  })
  const values = new Float32Array(found.length * dim)
  found.forEach((vector, index) => values.set(vector, index * dim))
  return { layout: 'views', dim, values, offsets, present }
}

const place = (where: string, row: Row, column: string): string =>
  `${where}: ${rowName(row)}: column '${column}'`

/** Writes a number or a list of them; `place` names the cell where it is no such thing. */
function fill(cell: Cell, into: Float32Array, place: () => string): void {
  const list = Array.isArray(cell) ? (cell as readonly Cell[]) : [cell]
  if (list.length !== into.length) {
    throw badData(`${place()}: found ${list.length}, expected ${into.length} numbers`)
  }
  list.forEach((entry, index) => {
    const number = typeof entry === 'string' ? Number(entry.trim() || NaN) : entry
    into[index] = typeof number === 'number' ? number : NaN
    if (!Number.isFinite(into[index])) {
      throw badData(`${place()}: ${JSON.stringify(entry)}, expected a finite number in float32`)
    }
  })
}
