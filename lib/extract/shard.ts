import { badUsage, Exit, PcmError } from '../error.js'

/** Part `index` (from 1) of `count`. */
export interface Shard {
  index: number
  count: number
}

export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(text)?.map(Number) ?? []
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw badUsage(`--shard ${text}: expected I/N with I from 1 to N`, 'as in --shard 1/4')
  }
  return { index, count }
}

/** Rows `first` to `end` (not included) of the input. */
export interface RowRange {
  first: number
  end: number
}

/**
 * The rows of a shard: neighbours, floor((i - 1) total / n) to floor(i total / n), so that shards end
 * to end are the input in its order, whatever machine made them, and sizes differ by one at most.
 */
export function rangeOf({ index, count }: Shard, total: number): RowRange {
  const at = (part: number): number => Number((BigInt(total) * BigInt(part)) / BigInt(count))
  const range = { first: at(index - 1), end: at(index) }
  if (range.first < range.end) return range
  throw new PcmError(`--shard ${index}/${count}: holds none of the ${total} rows`, {
    exit: Exit.noRows,
  })
}
