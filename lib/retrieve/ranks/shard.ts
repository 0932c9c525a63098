import { badUsage } from '../../error.js'

/** Part `part` (from 1) of `of` parts of the queries. */
export interface Shard {
  part: number
  of: number
}

/** Reads `I/N`. */
export const parseShard = (text: string): Shard => {
  const [, part, of] = (/^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? []).map(Number)
  if (part === undefined || of === undefined || part < 1 || part > of)
    throw badUsage(`--shard ${text}: expected I/N, part I (from 1 to N) of N`)
  return { part, of }
}

/** Where a part of so many begins, and where it ends. */
export const rangeOf = ({ part, of }: Shard, count: number): [number, number] => [
  Math.floor((count * (part - 1)) / of),
  Math.floor((count * part) / of),
]
