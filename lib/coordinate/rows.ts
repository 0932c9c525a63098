import { groupsOf } from './data/dataset.js'
import { key, permutation, Purpose } from './random.js'

export type Values = readonly (string | number | bigint | boolean | null)[]

/** `split=train,val` as a test of rows. */
export interface Selection {
  column: string
  values: ReadonlySet<string>
}

export interface RowChoice {
  /** `--train`; undefined: split=train where there is a split column, else all rows. */
  train: Selection | undefined
  /** `--val`: a selection, or the share of the training rows to hold out (0: none). */
  val: Selection | number | undefined
}

export interface ChosenRows {
  train: Int32Array
  val: Int32Array
}

/** Held out for validation where the stream names no validation rows. */
const DEFAULT_SHARE = 0.1

/**
 * Rows to train on and rows to validate on; never the `test` rows of a split (DESIGN 4). What is
 * held out is held out by id, so that no item is on both sides.
 */
export function chooseRows(
  choice: RowChoice,
  columns: (name: string) => Values | undefined,
  seed: number,
): ChosenRows {
  const id = columns('id')!
  const rows = id.length
  const split = columns('split')
  const train = choice.train
    ? matching(choice.train, columns)
    : split
      ? matching({ column: 'split', values: new Set(['train']) }, columns)
      : Int32Array.from({ length: rows }, (_, r) => r)
  if (typeof choice.val === 'object') return disjoint(train, matching(choice.val, columns))
  if (choice.val === undefined && split && !choice.train) {
    const val = matching({ column: 'split', values: new Set(['val']) }, columns)
    if (val.length > 0) return { train, val }
  }
  return holdOut(train, id, choice.val ?? DEFAULT_SHARE, seed)
}

/** Columns that the choice reads. */
export const columnsOf = ({ train, val }: RowChoice): string[] => [
  ...(train ? [train.column] : []),
  ...(typeof val === 'object' ? [val.column] : []),
]

function matching(
  { column, values }: Selection,
  columns: (name: string) => Values | undefined,
): Int32Array {
  const found = columns(column)!
  const rows: number[] = []
  found.forEach((value, r) => {
    if (value !== null && values.has(String(value))) rows.push(r)
  })
  return Int32Array.from(rows)
}

function disjoint(train: Int32Array, val: Int32Array): ChosenRows {
  const held = new Set(val)
  return { train: train.filter(r => !held.has(r)), val }
}

function holdOut(rows: Int32Array, ids: Values, share: number, seed: number): ChosenRows {
  const groups = groupsOf(Array.from(rows, r => ids[r]!))
  const items = groups.reduce((most, g) => Math.max(most, g + 1), 0)
  const count = Math.floor(items * share)
  const order = permutation(items, key(seed, Purpose.holdOut))
  const held = new Uint8Array(items)
  for (const item of order.subarray(0, count)) held[item] = 1
  return {
    train: rows.filter((_, i) => !held[groups[i]!]),
    val: rows.filter((_, i) => held[groups[i]!]),
  }
}
