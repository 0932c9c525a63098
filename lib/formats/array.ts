import { badData } from '../error.js'
import type { NumberArray } from './numbers.js'

/** An array seen as items x features. Rows are read as they are needed, in any float type. */
export interface NumericArray {
  readonly kind: 'numeric'
  /** For messages: file and selector. */
  readonly name: string
  readonly shape: readonly number[]
  readonly rows: number
  readonly dim: number
  /** Fills `into` (whole rows, row-major) with the rows from `first` on. */
  read(first: number, into: Float32Array | Float64Array): Promise<void>
  close(): Promise<void>
}

/** A list of strings: labels, names. */
export interface TextArray {
  readonly kind: 'text'
  readonly name: string
  readonly shape: readonly number[]
  readonly rows: number
  readonly texts: readonly string[]
  close(): Promise<void>
}

export type FileArray = NumericArray | TextArray

/** Which axis counts items, and how the features of one item lie relative to its first. */
interface Geometry {
  rows: number
  dim: number
  rowStride: number
  /** Offset of each feature from the item's first, in elements; C order of the remaining axes. */
  featureOffsets: Int32Array | undefined
}

/**
 * Items x features of an N-dimensional array: items along the first axis, or the last where
 * `transpose`; a 0-d array is one number. `featureOffsets` is undefined where the features of an
 * item are adjacent, so that rows can be read as they lie.
 */
export function geometry(
  shape: readonly number[],
  { fortran, transpose }: { fortran: boolean; transpose: boolean },
): Geometry {
  if (shape.length === 0) return { rows: 1, dim: 1, rowStride: 1, featureOffsets: undefined }
  const strides = stridesOf(shape, fortran)
  const item = transpose && shape.length > 1 ? shape.length - 1 : 0
  const axes = shape.map((_, axis) => axis).filter(axis => axis !== item)
  const dim = axes.reduce((product, axis) => product * shape[axis]!, 1)
  const rows = shape[item]!
  const rowStride = strides[item]!
  let span = 1
  const adjacent = axes.toReversed().every(axis => {
    const fits = shape[axis] === 1 || strides[axis] === span
    span *= shape[axis]!
    return fits
  })
  if (rows === 0 || dim === 0 || adjacent)
    return { rows, dim, rowStride, featureOffsets: undefined }
  const featureOffsets = new Int32Array(dim)
  for (let feature = 0; feature < dim; feature++) {
    let rest = feature
    for (const axis of axes.toReversed()) {
      featureOffsets[feature]! += (rest % shape[axis]!) * strides[axis]!
      rest = Math.floor(rest / shape[axis]!)
    }
  }
  return { rows, dim, rowStride, featureOffsets }
}

const stridesOf = (shape: readonly number[], fortran: boolean): number[] => {
  const strides = new Array<number>(shape.length)
  const axes = shape.map((_, axis) => axis)
  let stride = 1
  for (const axis of fortran ? axes : axes.toReversed()) {
    strides[axis] = stride
    stride *= shape[axis]!
  }
  return strides
}

/** An array whose elements are in memory, in C or Fortran order. */
export function denseArray(
  name: string,
  data: NumberArray,
  shape: readonly number[],
  order: { fortran: boolean; transpose: boolean },
): NumericArray {
  const { rows, dim, rowStride, featureOffsets } = geometry(shape, order)
  return {
    kind: 'numeric',
    name,
    shape,
    rows,
    dim,
    read: async (first, into) => {
      const count = into.length / dim
      for (let row = 0; row < count; row++) {
        const from = (first + row) * rowStride
        const to = row * dim
        for (let feature = 0; feature < dim; feature++) {
          into[to + feature] = data[from + (featureOffsets?.[feature] ?? feature)]!
        }
      }
    },
    close: async () => {},
  }
}

/** `2100x20`; a 0-d array is `scalar`. */
export const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? 'scalar' : shape.length === 1 ? `${shape[0]}` : shape.join('x')

/** One thing in a file that holds several. */
export interface Listed {
  selector: string
  /** Shape and type, for people: `2100x20 double`. */
  describe: string
}

/** No selector was given and the file holds several arrays: which ones. */
export const severalArrays = (name: string, listed: readonly Listed[]) =>
  badData(
    `${name}: holds ${listed.length} arrays: ${listing(listed)}`,
    `name one: ${name}::${listed[0]?.selector}`,
  )

export const noSuchArray = (name: string, selector: string, listed: readonly Listed[]) =>
  badData(`${name}: no array '${selector}': it holds ${listing(listed)}`)

const listing = (listed: readonly Listed[]): string => {
  const shown = listed.slice(0, 16).map(({ selector, describe }) => `${selector} (${describe})`)
  const more = listed.length - shown.length
  return (shown.join(', ') || 'no arrays') + (more > 0 ? ` and ${more} more` : '')
}
