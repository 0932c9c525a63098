import { denseArray, geometry, type NumericArray } from './array.js'
import type { ByteRange } from './byte-range.js'
import { byteSize, decodeNumbers, type NumberType } from './numbers.js'

/** How the numbers of an array lie one after the other. */
export interface RawLayout {
  type: NumberType
  bigEndian: boolean
  fortran: boolean
  shape: number[]
}

/**
 * Numbers that lie in a file as they are, as items x features. Rows that follow one another are
 * read as they are needed; Fortran order and transposed arrays are read whole.
 * @param data exactly the bytes that type and shape say
 */
export async function rawArray(
  data: ByteRange,
  { type, bigEndian, fortran, shape }: RawLayout,
  transpose: boolean,
): Promise<NumericArray> {
  const { name } = data
  const close = () => data.close()
  const { rows, dim, rowStride, featureOffsets } = geometry(shape, { fortran, transpose })
  if (featureOffsets || rowStride !== dim) {
    const values = decodeNumbers(await data.read(0, data.length), type, bigEndian)
    return { ...denseArray(name, values, shape, { fortran, transpose }), close }
  }
  const rowBytes = dim * byteSize[type]
  return {
    kind: 'numeric',
    name,
    shape,
    rows,
    dim,
    read: async (first, into) => {
      const bytes = await data.read(first * rowBytes, into.length * byteSize[type])
      into.set(decodeNumbers(bytes, type, bigEndian))
    },
    close,
  }
}
