import { badData } from '../error.js'
import type { Cells } from './arrow/cells.js'
import { concat } from './arrow/concat.js'
import { gather, runsOf } from './arrow/gather.js'
import type { Plan } from './arrow/plan.js'
import { decodeLists } from './decode-lists.js'
import { decodeModality } from './decode-modality.js'
import { decodeOther } from './decode-other.js'
import { type Forgive, withoutUnsound } from './forgive.js'
import { named } from './named.js'
import type { ModalityColumn, ModalityField, OtherColumn } from './types.js'

/** What a batch is made of. Columns are fetched when they are asked for. */
export interface BatchParts {
  /** For messages: the name of the stream. */
  source: string
  plans: ReadonlyMap<string, Plan>
  rows: number
  firstRow: number
  column(name: string): Cells
  /** The row of the stream, counted from 0 before any selection, that a row here came from. */
  streamRow(row: number): number
  /** Takes modalities with numbers that are none as missing, and is told which. */
  forgive?: Forgive | undefined
}

/** Some rows of a stream. Columns are decoded and checked when they are first asked for. */
export class Batch {
  readonly rows: number
  /** Number of rows handed out before this batch. */
  readonly firstRow: number
  readonly #parts: BatchParts
  readonly #cells = new Map<string, Cells>()
  readonly #modalities = new Map<string, ModalityColumn>()
  readonly #others = new Map<string, OtherColumn>()

  constructor(parts: BatchParts) {
    this.rows = parts.rows
    this.firstRow = parts.firstRow
    this.#parts = parts
  }

  /**
   * The typed arrays of a modality, views of the message where possible: do not write to them.
   * Throws badData (column, row) for NaN (unless forgiven), wrong norms, nulls inside vectors, codes out of range.
   */
  modality(name: string): ModalityColumn {
    return memo(this.#modalities, name, () => {
      const { modality } = this.plan(name)
      if (!modality) throw badData(`${this.#parts.source}: column '${name}' is no modality`)
      const row = (slot: number) => this.#rowName(slot)
      return this.#checked(name, () => decodeModality(this.#forgiven(modality), modality, row))
    })
  }

  /** The values of any other column that is text, numbers or booleans. */
  other(name: string): OtherColumn {
    return memo(this.#others, name, () => {
      const plan = this.plan(name)
      const { other, form } = plan
      if (!other || other.type === 'opaque')
        throw badData(
          `${this.#parts.source}: column '${name}' is ${other ? form.kind : 'a modality'}, ` +
            'expected text, numbers or booleans',
        )
      return decodeOther(this.cells(name), other, plan.format)
    })
  }

  /** The values of a column of lists of texts. */
  lists(name: string): (readonly string[] | null)[] {
    return this.#checked(name, () => decodeLists(this.cells(name)))
  }

  /** The given rows of this batch in the given order; columns are taken when they are needed. */
  select(rows: Int32Array, firstRow = this.firstRow): Batch {
    const runs = runsOf(rows)
    return new Batch({
      ...this.#parts,
      rows: rows.length,
      firstRow,
      column: name => gather(this.cells(name), runs),
      streamRow: row => this.#parts.streamRow(rows[row]!),
    })
  }

  /** Batches of one stream, one after the other, as one; columns are copied when they are needed. */
  static joined(pieces: readonly Batch[]): Batch {
    const [first] = pieces as [Batch]
    if (pieces.length === 1) return first
    const ends: number[] = []
    for (const { rows } of pieces) ends.push((ends.at(-1) ?? 0) + rows)
    const plans = new Map<string, Plan>()
    for (const name of first.names())
      plans.set(name, { ...first.plan(name), adapt: cells => cells })
    const column = (name: string): Cells =>
      concat(
        first.plan(name).form,
        pieces.map(piece => piece.cells(name)),
      )
    const streamRow = (row: number): number => {
      const at = ends.findIndex(end => row < end)
      return pieces[at]!.#parts.streamRow(row - (ends[at - 1] ?? 0))
    }
    return new Batch({ ...first.#parts, plans, rows: ends.at(-1)!, column, streamRow })
  }

  /** The names of all columns. */
  names(): string[] {
    return [...this.#parts.plans.keys()]
  }

  /** A batch of the same columns with other content, which needs no adapting any more. */
  with(rows: number, column: (name: string) => Cells): Batch {
    const plans = new Map<string, Plan>()
    for (const [name, plan] of this.#parts.plans)
      plans.set(name, { ...plan, adapt: cells => cells })
    return new Batch({ ...this.#parts, plans, rows, firstRow: 0, column, streamRow: row => row })
  }

  /** For the writer: the column as it lies in memory. */
  cells(name: string): Cells {
    return memo(this.#cells, name, () => {
      const plan = this.plan(name)
      const row = (slot: number) => this.#rowName(slot)
      return this.#checked(name, () => plan.adapt(this.#parts.column(name), row))
    })
  }

  /** For the writer: what is known about a column. */
  plan(name: string): Plan {
    const { plans, source } = this.#parts
    const plan = plans.get(name)
    if (!plan) throw badData(`${source}: no column '${name}' among ${[...plans.keys()].join(', ')}`)
    return plan
  }

  #forgiven(field: ModalityField): Cells {
    const { forgive, streamRow } = this.#parts
    const column = this.cells(field.name)
    if (!forgive) return column
    return withoutUnsound(column, field, slot => forgive(field.name, streamRow(slot)))
  }

  #rowName(row: number): string {
    return `row ${this.#parts.streamRow(row)}`
  }

  #checked<T>(column: string, check: () => T): T {
    return named(`${this.#parts.source}: column '${column}'`, check)
  }
}

const memo = <T>(known: Map<string, T>, name: string, make: () => T): T => {
  const found = known.get(name)
  if (found !== undefined) return found
  const made = make()
  known.set(name, made)
  return made
}
