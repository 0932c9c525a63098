import { multiply } from '../retrieve/multiply.js'
import type { RaggedColumn } from '../stream/types.js'
import type { Side } from './validate.js'

/**
 * One query a row that all of these modalities have: the product of their vectors, as 'a*b>c' of
 * pcm-eval asks; of several views the mean.
 */
export function productOf(sides: readonly Side[], rows: Int32Array): Side {
  const made = multiply(
    sides.map(side => asViews(side, rows)),
    rows.length,
  )
  const { values, present, dim } = made.column
  const picked = [...rows.keys()].filter(at => present[at])
  const kept = new Float32Array(picked.length * dim)
  picked.forEach((at, i) => kept.set(values.subarray(at * dim, (at + 1) * dim), i * dim))
  return {
    vectors: { count: picked.length, dim, values: kept },
    rows: Int32Array.from(picked, at => rows[at]!),
  }
}

/** The vectors of a side, of which those of one row stand together, as a column over the rows. */
function asViews({ vectors, rows: owners }: Side, rows: Int32Array): RaggedColumn {
  const offsets = new Int32Array(rows.length + 1)
  let end = 0
  for (const [at, row] of rows.entries()) {
    while (owners[end] === row) end++
    offsets[at + 1] = end
  }
  const present = Uint8Array.from(rows, (_, at) => Number(offsets[at + 1]! > offsets[at]!))
  return { layout: 'views', dim: vectors.dim, values: vectors.values, offsets, present }
}
