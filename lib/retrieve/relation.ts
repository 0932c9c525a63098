/** Which entries of a gallery belong to a query, as lists of equal keys: memory grows with N. */
export interface Relation {
  /** The entries that share a key with query `q`, ascending. */
  of(q: number): Int32Array
}

const NONE = new Int32Array(0)

/**
 * Relates queries and entries with equal keys. Keys are small integers (see keys.ts); a negative key
 * is no key and relates to nothing.
 */
export const relate = (queryKeys: Int32Array, entryKeys: Int32Array): Relation => {
  let keys = 0
  for (const key of entryKeys) if (key >= keys) keys = key + 1
  const offsets = new Int32Array(keys + 1)
  for (const key of entryKeys) if (key >= 0) offsets[key + 1]!++
  for (let key = 0; key < keys; key++) offsets[key + 1]! += offsets[key]!
  const members = new Int32Array(offsets[keys]!)
  const next = offsets.slice(0, keys)
  for (let entry = 0; entry < entryKeys.length; entry++) {
    const key = entryKeys[entry]!
    if (key >= 0) members[next[key]!++] = entry
  }
  return {
    of(q) {
      const key = queryKeys[q]!
      return key < 0 || key >= keys ? NONE : members.subarray(offsets[key]!, offsets[key + 1]!)
    },
  }
}

/** The entries of `list` that are not in `without`; both ascending. */
export const difference = (list: Int32Array, without: Int32Array): Int32Array => {
  if (without.length === 0) return list
  const left = new Set(without)
  return list.filter(entry => !left.has(entry))
}
