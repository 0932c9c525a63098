import type { ModalityColumn } from '../../stream/types.js'

/** Some rows of a column, by their places in ascending order. */
export function keepRows(column: ModalityColumn, rows: readonly number[]): ModalityColumn {
  const present = Uint8Array.from(rows, row => column.present[row]!)
  if (column.layout === 'category') {
    return { ...column, present, codes: Int32Array.from(rows, row => column.codes[row]!) }
  }
  const { dim, values } = column
  if (column.layout === 'vector') {
    return {
      ...column,
      present,
      values: joined(
        values,
        rows.map(row => [row * dim, (row + 1) * dim]),
      ),
    }
  }
  const inner = rows.map((row): Span => [column.offsets[row]!, column.offsets[row + 1]!])
  const offsets = ends(inner)
  if (column.layout !== 'views-of-tokens') {
    return { ...column, present, offsets, values: joined(values, scaled(inner, dim)) }
  }
  const views = inner.flatMap(([start, end]) =>
    Array.from({ length: end - start }, (_, at): Span => [
      column.viewOffsets[start + at]!,
      column.viewOffsets[start + at + 1]!,
    ]),
  )
  return {
    ...column,
    present,
    offsets,
    viewOffsets: ends(views),
    values: joined(values, scaled(views, dim)),
  }
}

type Span = [start: number, end: number]

const scaled = (spans: readonly Span[], dim: number): Span[] =>
  spans.map(([start, end]) => [start * dim, end * dim])

/** Where each span ends when they lie one after the other, from 0. */
const ends = (spans: readonly Span[]): Int32Array => {
  const offsets = new Int32Array(spans.length + 1)
  spans.forEach(([start, end], at) => (offsets[at + 1] = offsets[at]! + end - start))
  return offsets
}

const joined = (values: Float32Array, spans: readonly Span[]): Float32Array => {
  const result = new Float32Array(spans.reduce((sum, [start, end]) => sum + end - start, 0))
  let to = 0
  for (const [start, end] of spans) {
    result.set(values.subarray(start, end), to)
    to += end - start
  }
  return result
}
