import type { Pair } from '../losses/loss.js'
import { pairName } from '../losses/loss.js'
import type { Relations } from '../step.js'
import { longest } from './tokens.js'
import type { Values } from './values.js'
import type { Vectors } from './vectors.js'

/** Category codes of one modality; absent rows hold 0. */
export interface Codes {
  categories: number
  codes: Int32Array
  present: Uint8Array
}

export type ModalityData = ({ type: 'vectors' } & Vectors<Values>) | ({ type: 'codes' } & Codes)

/** All that training needs of a features stream, in memory. */
export interface Dataset {
  rows: number
  modalities: Record<string, ModalityData>
  /** Group of each row under each grouping; equal group = positives. */
  groupings: Record<string, Int32Array>
  /** The grouping that says what the positives of a pair are. */
  grouping(pair: Pick<Pair, 'a' | 'b'>): string
}

/** Which pairs and modalities lack rows, and which groupings have rows that share a group, among given rows.
 * A loss that remembers rows meets each again, so that groups are always looked at. */
export function relationsOf(
  data: Dataset,
  pairs: readonly Pair[],
  rows: Int32Array,
  remembers = false,
): Relations {
  const incomplete = pairs.filter(({ a, b }) =>
    rows.some(r => !data.modalities[a]!.present[r] || !data.modalities[b]!.present[r]),
  )
  const used = new Set(pairs.flatMap(({ a, b }) => [a, b]))
  const lacking = [...used].filter(name => rows.some(r => !data.modalities[name]!.present[r]))
  const shared = Object.entries(data.groupings).filter(
    ([, groups]) => remembers || new Set(Array.from(rows, r => groups[r])).size < rows.length,
  )
  const lengths = Object.entries(data.modalities).flatMap(([name, modality]) =>
    modality.type === 'vectors' && modality.tokenOffsets
      ? [[name, longest(modality.tokenOffsets)] as const]
      : [],
  )
  return {
    grouping: data.grouping,
    incomplete: new Set(incomplete.map(pairName)),
    lacking: new Set(lacking),
    shared: new Set(shared.map(([name]) => name)),
    tokens: Object.fromEntries(lengths),
  }
}

/** Equal values get equal groups; missing ones (null) a group of their own each. */
export function groupsOf(
  values: readonly (string | number | bigint | boolean | null)[],
): Int32Array {
  const known = new Map<string, number>()
  let next = 0
  return Int32Array.from(values, value => {
    if (value === null) return next++
    const name = String(value)
    const group = known.get(name) ?? next++
    known.set(name, group)
    return group
  })
}
