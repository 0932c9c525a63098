import type { ChosenRows, Values } from './rows.js'

/** Items that training has seen and that something is measured on all the same. */
export interface Leakage {
  /** Among the validation rows. */
  val: number
  /** Among the rows of split=test. */
  test: number
}

/** Counts the items, by id, that are in the training rows and elsewhere too. */
export function leakageOf(
  columns: (name: string) => Values | undefined,
  { train, val }: ChosenRows,
): Leakage {
  const id = columns('id')!
  const split = columns('split')
  const seen = new Set(Array.from(train, r => id[r]))
  const shared = (rows: Iterable<number>): number =>
    new Set([...rows].map(r => id[r]).filter(id => seen.has(id))).size
  const test = split ? [...split.keys()].filter(r => split[r] === 'test') : []
  return { val: shared(val), test: shared(test) }
}
