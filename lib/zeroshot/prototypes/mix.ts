import { normalise } from '../../retrieve/unit.js'
import type { Prototypes } from './prototypes.js'

/** The prototypes of one modality and their weight (> 0). */
export interface MixPart {
  prototypes: Prototypes
  weight: number
}

/**
 * Enriched prototypes (METHODS 1.5): rownorm(sum of weight * prototype), over the parts that a class
 * has. The classes are those of the first part, then what the next ones add.
 */
export const mix = (parts: readonly MixPart[]): Prototypes => {
  const [first] = parts
  if (parts.length === 1) return first!.prototypes
  const { dim } = first!.prototypes.vectors
  const names = [...new Set(parts.flatMap(({ prototypes }) => prototypes.names))]
  const values = new Float32Array(names.length * dim)
  const rows = new Int32Array(names.length)
  const indices = parts.map(
    ({ prototypes }) => new Map(prototypes.names.map((name, i) => [name, i])),
  )
  let complete = 0
  let opposed = parts.reduce((sum, { prototypes }) => sum + prototypes.opposed, 0)
  names.forEach((name, at) => {
    const found = parts.flatMap(({ prototypes, weight }, part) => {
      const index = indices[part]!.get(name)
      if (index === undefined) return []
      rows[at]! += prototypes.rows[index]!
      const unit = prototypes.vectors.values.subarray(index * dim, (index + 1) * dim)
      return [{ unit, weight }]
    })
    if (found.length === parts.length) complete++
    const sum = new Float64Array(dim)
    for (const { unit, weight } of found) for (let i = 0; i < dim; i++) sum[i]! += weight * unit[i]!
    const sound = normalise(sum)
    if (!sound) opposed++
    values.set(sound ? sum : found[0]!.unit, at * dim)
  })
  const short = Math.max(...parts.map(({ prototypes }) => prototypes.short ?? 0))
  return {
    names,
    vectors: { count: names.length, dim, values },
    rows,
    opposed,
    complete,
    ...(first!.prototypes.short !== undefined && { short }),
  }
}
