import type { Cell } from '../formats/table.js'
import type { Manifest } from './manifests/manifest.js'

/** What a first reading learns of one column. */
export interface ColumnFacts {
  /** Rows that have a value here. */
  present: number
  /** What all present values are. */
  all: { integer: boolean; number: boolean; boolean: boolean }
  /** Some value is a list; some is a list that holds lists. */
  lists: boolean
  nested: boolean
  /** Numbers in the first value: 1, or the length of the first (innermost) list. */
  length: number
  /** The different values, as text; only where they were asked for. */
  distinct: Set<string> | undefined
}

export interface Survey {
  rows: number
  facts: ReadonlyMap<string, ColumnFacts>
}

/** Reads a manifest once from end to end; `distinct` names the columns to make vocabularies of. */
export async function survey(
  manifest: Manifest,
  columns: readonly string[],
  distinct: ReadonlySet<string>,
): Promise<Survey> {
  const facts = columns.map((column): ColumnFacts => ({
    present: 0,
    all: { integer: true, number: true, boolean: true },
    lists: false,
    nested: false,
    length: 0,
    distinct: distinct.has(column) ? new Set() : undefined,
  }))
  let rows = 0
  for await (const { cells } of manifest.rows(columns)) {
    rows++
    for (let at = 0; at < facts.length; at++) note(facts[at]!, cells[at] ?? null)
  }
  return { rows, facts: new Map(columns.map((column, at) => [column, facts[at]!])) }
}

function note(facts: ColumnFacts, cell: Cell): void {
  if (isMissing(cell)) return
  const { all } = facts
  if (facts.present++ === 0) facts.length = lengthOf(cell)
  if (Array.isArray(cell)) {
    facts.lists = true
    facts.nested ||= cell.some(Array.isArray)
  }
  all.boolean &&= typeof cell === 'boolean'
  all.number &&= numberOf(cell) !== undefined
  all.integer &&= all.number && Number.isSafeInteger(numberOf(cell))
  facts.distinct?.add(String(cell))
}

/** No value: an empty cell, null, an absent key, or a text or list with nothing in it. */
export const isMissing = (cell: Cell): boolean =>
  cell === null ||
  (typeof cell === 'string' && cell.trim() === '') ||
  (Array.isArray(cell) && cell.every(isMissing))

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/**
 * The number a cell is, if it is one. A text counts where it is written as numbers are: `007` and
 * `+49` are names. For features more is allowed; see `featureOf`.
 */
export const numberOf = (cell: Cell): number | undefined => {
  if (typeof cell === 'number') return cell
  return typeof cell === 'string' && DECIMAL.test(cell) ? Number(cell) : undefined
}

const lengthOf = (cell: Cell): number =>
  Array.isArray(cell) ? (Array.isArray(cell[0]) ? lengthOf(cell[0]) : cell.length) : 1
