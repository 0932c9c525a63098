import type { Embeddings } from '../embeddings.js'

/** The items to draw from: `of` numbers the rows' items 0 .. count - 1; -1 for rows left out. */
export interface Items {
  of: Int32Array
  count: number
}

/** The items of the selected rows (all without a selection), by the keys of their ids. */
export const itemsOf = (ids: Int32Array, selected: Uint8Array | undefined): Items => {
  const numbers = new Map<number, number>()
  const of = ids.map((id, row) => {
    if (selected && !selected[row]) return -1
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    return number
  })
  return { of, count: numbers.size }
}

/** Names for queries that another system's have, too: the id, and its how manieth query it is. */
export const queryNames = ({ others }: Embeddings, rows: Int32Array): string[] => {
  const seen = new Map<string, number>()
  return Array.from(rows, row => {
    const id = String(others['id']!.values[row])
    const nth = seen.get(id) ?? 0
    seen.set(id, nth + 1)
    return `${nth} ${id}`
  })
}
