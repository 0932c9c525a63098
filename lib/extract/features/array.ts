import { badData } from '../../error.js'
import { shapeText, type FileArray, type NumericArray } from '../../formats/array.js'
import type { ModalityField } from '../../stream/types.js'
import type { Feature, Row } from './types.js'
import { rowName } from './types.js'
import { firstUnfit } from './unfit.js'

/** Features wider than this are a mistake in shape or orientation. */
const WIDEST = 1 << 20

/** A vector modality whose rows are those of an array in a file. */
export function arrayFeature(
  { name, float }: Pick<ModalityField, 'name' | 'float'>,
  array: FileArray,
): Feature {
  if (array.kind === 'text') throw badData(`${array.name}: holds strings, expected numbers`)
  const { dim } = array
  if (dim < 1 || dim > WIDEST) {
    throw badData(
      `${array.name}: ${shapeText(array.shape)} gives vectors of ${dim} numbers`,
      'is it features x items? Then add the option t',
    )
  }
  return {
    field: { name, kind: 'vector', layout: 'vector', dim, float, unit: false },
    read: async (block, report) => {
      const values = new Float32Array(block.length * dim)
      await readRows(array, block, values)
      const present = new Uint8Array(block.length).fill(1)
      block.forEach((row, index) => {
        const vector = values.subarray(index * dim, (index + 1) * dim)
        const bad = firstUnfit(vector, float)
        if (bad < 0) return
        const place = `${array.name}: ${rowName(row)}, feature ${bad}`
        report(index, badData(`${place}: ${vector[bad]}, expected a finite number in ${float}`))
        vector.fill(0)
        present[index] = 0
      })
      return { layout: 'vector', dim, values, present }
    },
    close: () => array.close(),
  }
}

/** Rows that follow one another in the file are read together. */
export async function readRows<Values extends Float32Array | Float64Array>(
  array: NumericArray,
  rows: readonly Row[],
  into: Values,
): Promise<void> {
  for (let start = 0; start < rows.length;) {
    let end = start + 1
    while (end < rows.length && rows[end]!.number === rows[end - 1]!.number + 1) end++
    const part = into.subarray(start * array.dim, end * array.dim)
    await array.read(rows[start]!.number, part as Float32Array | Float64Array)
    start = end
  }
}
