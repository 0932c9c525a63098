import type { Relation } from '../relation.js'

/** Lists of integers end to end: list i is values[offsets[i]] .. values[offsets[i + 1] - 1]. */
export interface Lists {
  offsets: Int32Array
  values: Int32Array
}

export const packLists = (lists: readonly Int32Array[]): Lists => {
  const offsets = new Int32Array(lists.length + 1)
  lists.forEach((list, i) => (offsets[i + 1] = offsets[i]! + list.length))
  const values = new Int32Array(offsets.at(-1)!)
  lists.forEach((list, i) => values.set(list, offsets[i]!))
  return { offsets, values }
}

export const listAt = <Values extends Int32Array | Float64Array>(
  { offsets, values }: { offsets: Int32Array; values: Values },
  i: number,
): Values => values.subarray(offsets[i]!, offsets[i + 1]!) as Values

/** What is related to some queries, counted from `first`. */
export const relatedTo = (relation: Relation, first: number, count: number): Lists =>
  packLists(Array.from({ length: count }, (_, q) => relation.of(first + q)))
