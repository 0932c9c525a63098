import type { ModalityData } from '../data/dataset.js'
import { InOrder } from '../data/values.js'

/** One modality as closed forms see it: a row vector per item, standardised; absent rows are zeros. */
export interface View {
  dim: number
  /** Row r of the given rows, (rows x dim). */
  values: Float64Array
  present: Uint8Array
}

/**
 * The vectors of the given rows, in rising order; of several views of an item the mean. A category is its indicator
 * vector less the mean of all, so that what is learned of it is a table with a constant.
 */
export function viewOf(data: ModalityData, rows: Int32Array): View {
  const present = Uint8Array.from(rows, r => data.present[r]!)
  return data.type === 'codes'
    ? indicators(data.codes, data.categories, rows, present)
    : means(data, rows, present)
}

function means(
  { dim, values, offsets }: Extract<ModalityData, { type: 'vectors' }>,
  rows: Int32Array,
  present: Uint8Array,
): View {
  const out = new Float64Array(rows.length * dim)
  const reader = new InOrder(values, dim)
  for (const [i, r] of rows.entries()) {
    const [first, end] = [offsets[r]!, offsets[r + 1]!]
    for (let v = first; v < end; v++) {
      const at = reader.seek(v)
      for (let j = 0; j < dim; j++) out[i * dim + j]! += reader.numbers[at + j]! / (end - first)
    }
  }
  return { dim, values: out, present }
}

function indicators(
  codes: Int32Array,
  categories: number,
  rows: Int32Array,
  present: Uint8Array,
): View {
  const share = shares(codes, categories, rows, present)
  const out = new Float64Array(rows.length * categories)
  for (const [i, r] of rows.entries()) {
    if (!present[i]) continue
    for (let c = 0; c < categories; c++)
      out[i * categories + c] = Number(codes[r] === c) - share[c]!
  }
  return { dim: categories, values: out, present }
}

/** How often each category occurs among the rows that have one, from 0 to 1. */
export function shares(
  codes: Int32Array,
  categories: number,
  rows: Int32Array,
  present: Uint8Array,
): Float64Array {
  const counts = new Float64Array(categories)
  let all = 0
  for (const [i, r] of rows.entries())
    if (present[i]) {
      counts[codes[r]!]!++
      all++
    }
  return counts.map(count => count / Math.max(1, all))
}

/** Both views, by the rows that have both. */
export function common(x: View, y: View): [View, View] {
  const present = x.present.map((has, r) => has & y.present[r]!)
  return [
    { ...x, present },
    { ...y, present },
  ]
}
