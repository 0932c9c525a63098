import { badData } from '../error.js'
import type { ModalityColumn, ModalityField, OtherColumn } from '../stream/types.js'
import { keysOf } from './keys.js'

/** Embeddings in memory: the columns that an evaluation looks at. */
export interface Embeddings {
  /** Where they came from, for messages. */
  source: string
  rows: number
  /** Where given: rows before it are queries only, rows from it on are in the gallery only. */
  border?: number
  fields: readonly ModalityField[]
  modalities: Record<string, ModalityColumn>
  others: Record<string, OtherColumn>
}

/** The integer keys of columns, made once each. */
export class Keys {
  private readonly made = new Map<string, Int32Array>()

  constructor(private readonly table: Embeddings) {}

  /** Equal values have equal keys; null is -1. A column that is not there is bad data (65). */
  of(column: string): Int32Array {
    let keys = this.made.get(column)
    if (keys) return keys
    const values = this.table.others[column]
    if (!values) throw badData(`${this.table.source}: there is no column '${column}'`)
    this.made.set(column, (keys = keysOf(values)))
    return keys
  }
}
