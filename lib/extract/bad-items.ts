import type { PcmError } from '../error.js'
import type { ModalityColumn, OtherColumn } from '../stream/types.js'
import type { Block, Report } from './features/types.js'
import { keepRows } from './features/keep-rows.js'

export const ON_ERROR = ['fail', 'skip', 'null'] as const

/** What becomes of an item that cannot be used: the run ends, it is left out, or lacks a modality. */
export type OnError = (typeof ON_ERROR)[number]

/** An item that could not be used, as it is told to people and to the log. */
export interface BadItem {
  /** Its number in the whole input, from 0. */
  row: number
  id: string
  modality: string
  message: string
}

/** Columns of one block. */
export interface Columns {
  rows: number
  modalities: Record<string, ModalityColumn>
  others: Record<string, OtherColumn>
}

/** The bad items of one block, in the order of its rows and of the modalities. */
export class BadItems {
  readonly #found: { index: number; place: number; item: BadItem }[] = []

  constructor(
    readonly policy: OnError,
    readonly block: Block,
  ) {}

  /** For the feature of one modality; `place` is its own among them. */
  report(modality: string, place: number): Report {
    return (index: number, error: PcmError) => {
      if (this.policy === 'fail') throw error
      const { number: row, id } = this.block[index]!
      this.#found.push({ index, place, item: { row, id, modality, message: error.message } })
    }
  }

  list(): BadItem[] {
    const sorted = this.#found.sort((a, b) => a.index - b.index || a.place - b.place)
    return sorted.map(({ item }) => item)
  }

  /** The columns without the rows to be left out. */
  without({ rows, modalities, others }: Columns): Columns {
    const bad = new Set(this.#found.map(({ index }) => index))
    if (this.policy !== 'skip' || bad.size === 0) return { rows, modalities, others }
    const keep = Array.from({ length: rows }, (_, index) => index).filter(index => !bad.has(index))
    const kept = <T, U>(columns: Record<string, T>, select: (column: T) => U): Record<string, U> =>
      Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, select(column)] as const),
      )
    return {
      rows: keep.length,
      modalities: kept(modalities, column => keepRows(column, keep)),
      others: kept(others, ({ layout, values }) => ({
        layout,
        values: keep.map(index => values[index]!),
      })),
    }
  }
}
