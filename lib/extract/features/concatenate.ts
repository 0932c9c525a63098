import { badData, badUsage } from '../../error.js'
import type { VectorColumn } from '../../stream/types.js'
import { rowName, type Feature, type Report } from './types.js'

/** Several features of one name become one vector, in the order given. */
export function concatenate(features: readonly Feature[]): Feature {
  const [first] = features
  if (features.length === 1) return first!
  const { name, kind } = first!.field
  for (const { field } of features) {
    if (field.layout !== 'vector' || field.kind !== kind) {
      throw badUsage(
        `-m ${name}: only vectors of one kind are joined, found ${kind} and ${field.kind} (${field.layout})`,
      )
    }
  }
  const dim = features.reduce((sum, { field }) => sum + field.dim, 0)
  const addresses = features.flatMap(({ field }) => field.encoder ?? [])
  return {
    field: {
      ...first!.field,
      dim,
      float: features.every(({ field }) => field.float === 'float16') ? 'float16' : 'float32',
      encoder: addresses.length > 0 ? addresses.join('+') : undefined,
    },
    read: async (block, report) => {
      const bad = new Set<number>()
      const refuse: Report = (index, error) => {
        if (!bad.has(index)) report(index, error)
        bad.add(index)
      }
      const columns: VectorColumn[] = []
      for (const feature of features) {
        columns.push((await feature.read(block, refuse)) as VectorColumn)
      }
      const values = new Float32Array(block.length * dim)
      const present = columns[0]!.present.slice()
      block.forEach((row, index) => {
        if (columns.some(column => column.present[index] !== present[index])) {
          const place = `-m ${name}: ${rowName(row)}`
          refuse(index, badData(`${place}: one part is missing and another is not`))
        }
        if (bad.has(index)) {
          present[index] = 0
          return
        }
        let to = index * dim
        for (const { dim: width, values: from } of columns) {
          values.set(from.subarray(index * width, (index + 1) * width), to)
          to += width
        }
      })
      return { layout: 'vector', dim, values, present }
    },
    close: async () => {
      for (const feature of features) await feature.close()
    },
  }
}
