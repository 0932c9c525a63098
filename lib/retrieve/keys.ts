import type { OtherColumn } from '../stream/types.js'

/** Gives equal values equal small integers, in order of appearance; null gets -1. */
export const keysOf = ({ values }: OtherColumn): Int32Array => {
  const known = new Map<string, number>()
  const keys = new Int32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    keys[row] = value === null || value === undefined ? -1 : intern(known, String(value))
  }
  return keys
}

const intern = (known: Map<string, number>, value: string): number => {
  let key = known.get(value)
  if (key === undefined) known.set(value, (key = known.size))
  return key
}
