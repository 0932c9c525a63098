import type { SideSpec } from '../../retrieve/direction.js'
import type { InputSummary } from '../../stream/read.js'
import type { Sink } from '../../stream/sink.js'
import type { ModalityField, ProvenanceRecord, StreamSchema } from '../../stream/types.js'
import { createStream } from '../../stream/write.js'
import type { Prototypes } from './prototypes.js'

/** The name of prototypes that several modalities make. */
const MIXED = 'prototype'

/**
 * Writes prototypes as a stream of embeddings, one row a class: `id`, the vector under the name of
 * its modality (`prototype`, where they are of several), and NAME.rows, how many rows it was made of.
 */
export const writePrototypes = async (
  sink: Sink,
  prototypes: Prototypes,
  { schema, side }: { schema: StreamSchema; side: SideSpec },
  provenance: ProvenanceRecord[],
  inputs: readonly InputSummary[],
): Promise<void> => {
  const { names, vectors, rows } = prototypes
  const field = fieldOf(schema, side, vectors.dim)
  const counts = `${field.name}.rows`
  const other = (name: string, type: 'text' | 'integer') =>
    ({ name, type, nullable: false, metadata: new Map() }) as const
  const stream = createStream(sink, {
    content: 'embeddings',
    modalities: [field],
    others: [other('id', 'text'), other(counts, 'integer')],
    provenance,
    metadata: schema.metadata,
  })
  const present = new Uint8Array(names.length).fill(1)
  await stream.write({
    rows: names.length,
    modalities: {
      [field.name]: { layout: 'vector', dim: vectors.dim, values: vectors.values, present },
    },
    others: {
      id: { layout: 'other', values: names },
      [counts]: { layout: 'other', values: [...rows] },
    },
  })
  await stream.finish(inputs)
}

const fieldOf = (schema: StreamSchema, { parts, modalities }: SideSpec, dim: number) => {
  const [first] = parts
  const shared = { layout: 'vector', dim, float: 'float32', unit: true } as const
  if (parts.length > 1)
    return { name: MIXED, kind: 'vector', of: modalities, ...shared } satisfies ModalityField
  const { vocabulary: _, ...field } = schema.modalities.find(({ name }) => name === first!.column)!
  // Without the codes that belong to its vocabulary, a category is a vector as any other.
  return { ...field, kind: field.kind === 'category' ? 'vector' : field.kind, ...shared } as const
}
