import type { Vectors } from '../retrieve/vectors.js'
import type { Prototypes } from './prototypes/prototypes.js'

/** The classes that compete, and where some were not seen in training, which. */
export interface LabelSpace {
  prototypes: Prototypes
  unseen?: ReadonlySet<number>
}

/** The label space without the classes in `left`. */
export const labelSpace = (
  prototypes: Prototypes,
  unseen: ReadonlySet<string> | undefined,
  left: ReadonlySet<string> = new Set(),
): LabelSpace => {
  const kept = [...prototypes.names.keys()].filter(i => !left.has(prototypes.names[i]!))
  const names = kept.map(i => prototypes.names[i]!)
  return {
    prototypes: {
      ...prototypes,
      names,
      vectors: subset(prototypes.vectors, kept),
      rows: Int32Array.from(kept, i => prototypes.rows[i]!),
    },
    ...(unseen && { unseen: new Set([...names.keys()].filter(i => unseen.has(names[i]!))) }),
  }
}

/** Some of the vectors, in the order given. */
export const subset = ({ dim, values }: Vectors, kept: readonly number[]): Vectors => {
  const some = new Float32Array(kept.length * dim)
  kept.forEach((from, to) => some.set(values.subarray(from * dim, (from + 1) * dim), to * dim))
  return { count: kept.length, dim, values: some }
}
