import { topEntries, type TopTask } from '../top.js'
import type { Relation } from '../relation.js'

/** How unevenly the entries of a gallery are retrieved (METHODS 4.6). */
export interface Hubness {
  k: number
  /** Population skewness of the k-occurrences; 0 where all are alike. */
  skewness: number
  /** Entries that are never among the first k, in percent. */
  antihub: number
  /** The k-occurrence of the greatest hub. */
  max: number
  /** The share of all occurrences that would have to move for all entries to have the same. */
  robinHood: number
}

/**
 * The k-occurrences N_k of the gallery: how many queries have each entry among their first k, never
 * retrieved entries included. Entries level with the last place share what places are left, so
 * the order of the gallery does not matter. `excluded` entries are no candidates of a query.
 */
export const occurrences = async (
  task: Omit<TopTask, 'k'>,
  k: number,
  excluded?: Relation,
): Promise<Float64Array> => {
  const counts = new Float64Array(task.gallery.count)
  let most = 0
  for (let q = 0; excluded && q < task.queries.count; q++)
    most = Math.max(most, excluded.of(q).length)
  for await (const { query, entries, scores } of topEntries({ ...task, k: k + most })) {
    const out = excluded?.of(query)
    const places = [...entries.keys()].filter(i => !out?.includes(entries[i]!))
    const last = scores[places[Math.min(k, places.length) - 1]!]!
    const clear = places.filter(i => scores[i]! > last)
    const level = places.filter(i => scores[i] === last)
    const left = (Math.min(k, places.length) - clear.length) / level.length
    for (const i of clear) counts[entries[i]!]!++
    for (const i of level) counts[entries[i]!]! += left
  }
  return counts
}

export const hubness = (counts: Float64Array, k: number): Hubness | null => {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const mean = total / counts.length
  const moment = (power: number) =>
    counts.reduce((sum, count) => sum + (count - mean) ** power, 0) / counts.length
  const variance = moment(2)
  return {
    k,
    skewness: variance === 0 ? 0 : moment(3) / variance ** 1.5,
    antihub: (100 * counts.filter(count => count === 0).length) / counts.length,
    max: counts.reduce((most, count) => Math.max(most, count), 0),
    robinHood: counts.reduce((sum, count) => sum + Math.abs(count - mean), 0) / (2 * total),
  }
}
