import { badData, type PcmError } from '../../error.js'
import { describeCell, type Cell } from '../../formats/table.js'
import type { ModalityColumn, ModalityField } from '../../stream/types.js'
import { isMissing, type ColumnFacts } from '../survey.js'
import { rowName, type Block, type Feature, type Report, type Row } from './types.js'
import { firstUnfit } from './unfit.js'

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
  { name, float }: Pick<ModalityField, 'name' | 'float'>,
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
    field: { name, kind: 'vector', layout, dim, float, unit: false },
    read: async (block, report) =>
      nested
        ? views(block, columns[0]!, dim, { where, report, float })
        : vectors(block, columns, dim, { where, report, float }),
    close: async () => {},
  }
}

interface Messages {
  where: string
  report: Report
  float: ModalityField['float']
}

function vectors(
  block: Block,
  columns: readonly ManifestColumn[],
  dim: number,
  messages: Messages,
): ModalityColumn {
  const values = new Float32Array(block.length * dim)
  const present = new Uint8Array(block.length)
  block.forEach((row, index) => {
    const vector = values.subarray(index * dim, (index + 1) * dim)
    const problem = fillFrom(row, columns, vector, messages)
    if (problem) {
      messages.report(index, problem)
      vector.fill(0)
    } else if (columns.some(({ at }) => !isMissing(row.cells[at]!))) present[index] = 1
  })
  return { layout: 'vector', dim, values, present }
}

/** One vector from the cells of a row, which are all there or all missing. */
function fillFrom(
  row: Row,
  columns: readonly ManifestColumn[],
  vector: Float32Array,
  { where, float }: Messages,
): PcmError | undefined {
  const empty = columns.filter(({ at }) => isMissing(row.cells[at]!))
  if (empty.length === columns.length) return undefined
  if (empty.length > 0) {
    return badData(
      `${where}: ${rowName(row)}: column '${empty[0]!.name}' is empty and others are not`,
      'a vector is there as a whole or not at all',
    )
  }
  let to = 0
  for (const { name, at, facts } of columns) {
    const problem = fill(row.cells[at]!, vector.subarray(to, to + facts.length), float)
    if (problem) return badData(`${where}: ${rowName(row)}: column '${name}': ${problem}`)
    to += facts.length
  }
  return undefined
}

function views(
  block: Block,
  { name, at }: ManifestColumn,
  dim: number,
  { where, report, float }: Messages,
): ModalityColumn {
  const present = new Uint8Array(block.length)
  const offsets = new Int32Array(block.length + 1)
  const found: Float32Array[] = []
  block.forEach((row, index) => {
    const cell = row.cells[at]!
    if (!isMissing(cell)) {
      // A plain list among lists of lists is a single view.
      const list = Array.isArray(cell) && cell.some(Array.isArray) ? cell : [cell]
      const vectors = list.map(() => new Float32Array(dim))
      const problem = (list as readonly Cell[])
        .map((view, place) => fill(view, vectors[place]!, float))
        .find(problem => problem !== undefined)
      if (problem) report(index, badData(`${where}: ${rowName(row)}: column '${name}': ${problem}`))
      else {
        present[index] = 1
        found.push(...vectors)
      }
    }
    offsets[index + 1] = found.length
  })
  const values = new Float32Array(found.length * dim)
  found.forEach((vector, index) => values.set(vector, index * dim))
  return { layout: 'views', dim, values, offsets, present }
}

/** Writes a number or a list of them; returns what is wrong where it is no such thing. */
function fill(cell: Cell, into: Float32Array, float: ModalityField['float']): string | undefined {
  const list = Array.isArray(cell) ? (cell as readonly Cell[]) : [cell]
  if (list.length !== into.length) return `found ${list.length}, expected ${into.length} numbers`
  for (const [index, entry] of list.entries()) {
    const number = typeof entry === 'string' ? Number(entry.trim() || NaN) : entry
    into[index] = typeof number === 'number' ? number : NaN
  }
  const unfit = firstUnfit(into, float)
  if (unfit < 0) return undefined
  return `${describeCell(list[unfit]!)}, expected a finite number in ${float}`
}
