import type { Vectors } from '../vectors.js'

/** A vector x as small integers: x = scale * codes + a rest. */
export interface Coding {
  /** A positive number of float32. */
  scale: number
  /** Norms of x and of the rest; neither is more than this. */
  norm: number
  rest: number
}

/** A gallery in bytes, for the right side of a product of integers. */
export interface GalleryCodes {
  /** Entries of a block. */
  columns: number
  /** (blocks x dim x columns), from -127 to 127; zeros past the end of the gallery. */
  codes: Int8Array
  scales: Float32Array
  /** The largest norms: of an entry, and of a rest. */
  norm: number
  rest: number
}

const MOST = 127

/** In memory that threads can share. */
export const codeGallery = ({ count, dim, values }: Vectors, columns: number): GalleryCodes => {
  const blocks = Math.ceil(count / columns)
  const codes = new Int8Array(new SharedArrayBuffer(blocks * dim * columns))
  const scales = new Float32Array(new SharedArrayBuffer(4 * blocks * columns))
  const one = new Int8Array(dim)
  const most = { norm: 0, rest: 0 }
  for (let entry = 0; entry < count; entry++) {
    const { scale, norm, rest } = code(values, entry, MOST, one)
    scales[entry] = scale
    most.norm = Math.max(most.norm, norm)
    most.rest = Math.max(most.rest, rest)
    let at = (entry - (entry % columns)) * dim + (entry % columns)
    for (let i = 0; i < dim; i++, at += columns) codes[at] = one[i]!
  }
  return { columns, codes, scales, ...most }
}

/** Queries in bytes, for the left side: codes from `zero - most` to `zero + most`. */
export const codeQueries = (
  { dim, values }: Vectors,
  { first, count, zero, most }: { first: number; count: number; zero: number; most: number },
  into: Uint8Array,
): Coding[] => {
  const one = new Int8Array(dim)
  into.fill(zero, count * dim)
  return Array.from({ length: count }, (_, q) => {
    const coding = code(values, first + q, most, one)
    for (let i = 0; i < dim; i++) into[q * dim + i] = one[i]! + zero
    return coding
  })
}

/** Writes the codes of one vector, from -most to most, each the nearest to its number. */
const code = (values: Float32Array, vector: number, most: number, codes: Int8Array): Coding => {
  const dim = codes.length
  const from = vector * dim
  let largest = 0
  for (let i = from; i < from + dim; i++) largest = Math.max(largest, Math.abs(values[i]!))
  const scale = Math.max(SMALLEST, Math.fround((largest / most) * ROUND_UP))
  const inverse = 1 / scale
  let squares = 0
  let rests = 0
  for (let i = 0; i < dim; i++) {
    const x = values[from + i]!
    const near = ((x * inverse + 128.5) | 0) - 128
    const rest = x - near * scale
    codes[i] = near
    squares += x * x
    rests += rest * rest
  }
  return { scale, norm: Math.sqrt(squares) * ROUND_UP, rest: Math.sqrt(rests) * ROUND_UP }
}

/** More than float32 and float64 round away in a scale, and in sums of up to 2^20 squares. */
const ROUND_UP = 1 + 2 ** -22
/** Vectors of smaller numbers than this are all rest: their products would lose precision. */
const SMALLEST = 2 ** -60
