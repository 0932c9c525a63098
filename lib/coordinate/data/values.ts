import { Spilled } from './spilled.js'

/** Vectors one after the other, (count x dim): in memory, or in a file where they are too many. */
export type Values = Float32Array | Spilled

/** Numbers read at once where they are read in order: 1 MiB. */
const BLOCK = 1 << 18

/** Copies vector v to `out`, from position `at` on. */
export const copyVector = (
  values: Values,
  dim: number,
  v: number,
  out: Float32Array,
  at: number,
): void => copyVectors(values, dim, v, 1, out, at)

/** Copies `count` vectors from vector `first` on. */
export const copyVectors = (
  values: Values,
  dim: number,
  first: number,
  count: number,
  out: Float32Array,
  at: number,
): void => {
  if (values instanceof Spilled) values.read(first * dim, out.subarray(at, at + count * dim))
  else out.set(values.subarray(first * dim, (first + count) * dim), at)
}

/** Reads vectors in rising order, many at a time. */
export class InOrder {
  /** Where the vector sought last lies, at the position that `seek` gave. */
  numbers: Float32Array
  private first = 0

  constructor(
    private readonly values: Values,
    private readonly dim: number,
  ) {
    this.numbers = values instanceof Spilled ? new Float32Array(0) : values
  }

  seek(v: number): number {
    const { values, dim } = this
    const at = v * dim - this.first
    if (!(values instanceof Spilled) || (at >= 0 && at + dim <= this.numbers.length)) return at
    this.first = v * dim
    this.numbers = new Float32Array(blockLength(values, dim, this.first))
    values.read(this.first, this.numbers)
    return 0
  }
}

/** Changes all vectors, block by block: `change` gets some and the number of the first. */
export const changeAll = (
  values: Values,
  dim: number,
  change: (numbers: Float32Array, first: number) => void,
): void => {
  if (!(values instanceof Spilled)) return change(values, 0)
  for (let from = 0; from < values.length;) {
    const numbers = new Float32Array(blockLength(values, dim, from))
    values.read(from, numbers)
    change(numbers, from / dim)
    values.write(from, numbers)
    from += numbers.length
  }
}

/** Whole vectors only, and at least one. */
const blockLength = ({ length }: Spilled, dim: number, from: number): number =>
  Math.min(length - from, Math.max(1, Math.floor(BLOCK / dim)) * dim)
