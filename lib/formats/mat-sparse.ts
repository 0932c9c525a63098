import { badData } from '../error.js'
import type { NumericArray } from './array.js'
import type { Matrix } from './mat-matrix.js'

/** Rows of a sparse MATLAB array, made dense only as they are read. */
export function sparseArray(
  name: string,
  matrix: Matrix & { kind: 'sparse' },
  transpose: boolean,
): NumericArray {
  const [height, width] = matrix.shape as [number, number]
  const [rows, dim] = transpose ? [width, height] : [height, width]
  // Compressed columns of the array are compressed rows of its transpose.
  const byRow = transpose
    ? { starts: matrix.jc, features: matrix.ir, values: matrix.values() }
    : compressRows(name, matrix, height, width)
  return {
    kind: 'numeric',
    name,
    shape: matrix.shape,
    rows,
    dim,
    read: async (first, into) => {
      into.fill(0)
      for (let row = 0; row < into.length / dim; row++) {
        const end = byRow.starts[first + row + 1]!
        for (let at = byRow.starts[first + row]!; at < end; at++) {
          into[row * dim + byRow.features[at]!] = byRow.values[at]!
        }
      }
    },
    close: async () => {},
  }
}

/** Empty rows cost a file nothing, so a bound is needed on what a header can make us allocate. */
const MOST_ROWS = 1 << 24

function compressRows(
  name: string,
  matrix: Matrix & { kind: 'sparse' },
  rows: number,
  columns: number,
) {
  const { ir, jc } = matrix
  const given = matrix.values()
  const stored = jc[columns]!
  if (rows > MOST_ROWS) {
    throw badData(`${name}: sparse array of ${rows} rows, expected at most ${MOST_ROWS}`)
  }
  const starts = new Uint32Array(rows + 1)
  for (let at = 0; at < stored; at++) starts[ir[at]! + 1]!++
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!
  const next = starts.slice()
  const features = new Uint32Array(stored)
  const values = new Float64Array(stored)
  for (let column = 0; column < columns; column++) {
    for (let at = jc[column]!; at < jc[column + 1]!; at++) {
      const place = next[ir[at]!]!++
      features[place] = column
      values[place] = given[at]!
    }
  }
  return { starts, features, values }
}
