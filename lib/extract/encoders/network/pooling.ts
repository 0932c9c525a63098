import { badData } from '../../../error.js'
import type { OptionReader } from '../option-reader.js'

/** What a network gives for one item: `count` vectors of `dim` numbers, row by row. */
export interface Sequence {
  values: Float32Array
  count: number
  dim: number
}

/** How a sequence becomes the features of an item. */
export interface Pooling {
  layout: 'vector' | 'tokens'
  /** Numbers per vector, from a sequence that is like all others. */
  dim(sequence: Sequence): number
  pool(sequence: Sequence): Float32Array
}

/**
 * `tokens` keeps the sequence; `pool=mean` (the default), `max`, `cls` (the first vector) or `none`
 * (all vectors end to end, equally many for every item) make one vector of it. `asked` says whether
 * the address has any of them.
 */
export function readPooling(options: OptionReader): Pooling & { asked: boolean } {
  const tokens = options.flag('tokens')
  const pool = options.choice('pool', ['mean', 'max', 'cls', 'none'])
  if (tokens) {
    return { layout: 'tokens', dim: ({ dim }) => dim, pool: ({ values }) => values, asked: true }
  }
  if (pool === 'none') return { ...flat(), asked: true }
  return { ...poolingBy(pool ?? 'mean'), asked: pool !== undefined }
}

/** What makes a vector as long as those of the sequence: their mean, largest, first or last. */
export type PoolName = 'mean' | 'max' | 'cls' | 'last'

export const poolingBy = (name: PoolName): Pooling => {
  const pools = { mean: meanOf, max: maxOf, cls: firstOf, last: lastOf }
  return { layout: 'vector', dim: ({ dim }) => dim, pool: pools[name] }
}

const flat = (): Pooling => {
  let length = 0
  return {
    layout: 'vector',
    dim: ({ values }) => (length = values.length),
    pool: ({ values, dim }) => {
      if (values.length !== length)
        throw badData(
          `${values.length / dim} vectors, expected ${length / dim}: pool=none wants equally many`,
          'choose another pool, or tokens',
        )
      return values
    },
  }
}

const firstOf = ({ values, dim }: Sequence): Float32Array => values.slice(0, dim)

const lastOf = ({ values, dim }: Sequence): Float32Array => values.slice(values.length - dim)

const meanOf = ({ values, count, dim }: Sequence): Float32Array => {
  if (count === 1) return values
  const sums = new Float64Array(dim)
  for (let at = 0; at < values.length; at++) sums[at % dim]! += values[at]!
  return Float32Array.from(sums, sum => sum / count)
}

const maxOf = ({ values, count, dim }: Sequence): Float32Array => {
  const largest = values.slice(0, dim)
  for (let at = dim; at < count * dim; at++)
    if (values[at]! > largest[at % dim]!) largest[at % dim] = values[at]!
  return largest
}
