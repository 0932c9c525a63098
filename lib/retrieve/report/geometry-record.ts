import type { Geometry } from '../geometry/geometry.js'
import { round } from './round.js'

/** The key `geometry`. */
export const geometryRecord = (found: Geometry | null) => {
  if (!found) return null
  const number = (value: number | null) => value && round(value)
  const sides = ([query, gallery]: readonly [number | null, number | null]) => ({
    query: number(query),
    gallery: number(gallery),
  })
  return {
    gap: round(found.gap),
    alignment: number(found.alignment),
    relative_alignment: number(found.relativeAlignment),
    uniformity: sides(found.uniformity),
    effective_rank: sides(found.effectiveRank),
    separability: number(found.separability),
    sample: sides(found.sample),
  }
}
