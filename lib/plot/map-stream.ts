import type { Projected } from '../charts/map.js'
import type { Sink } from '../stream/sink.js'
import type { OtherField, ProvenanceRecord } from '../stream/types.js'
import { createStream } from '../stream/write.js'
import type { PointSet } from './points.js'

/**
 * Writes a map as a stream of features: a row a point, with id, modality and the class; a column of
 * two numbers for every projection.
 */
export const writeMap = async (
  sink: Sink,
  { points, column }: PointSet,
  projections: readonly Projected[],
  provenance: ProvenanceRecord[],
): Promise<void> => {
  const present = new Uint8Array(points.length).fill(1)
  const texts = {
    id: points.map(({ id }) => id),
    modality: points.map(({ modality }) => modality),
    ...(column !== undefined && { [column]: points.map(({ value }) => value) }),
  }
  const stream = createStream(sink, {
    content: 'features',
    modalities: projections.map(({ name }) => ({
      name,
      kind: 'vector',
      layout: 'vector',
      dim: 2,
      float: 'float32',
      unit: false,
    })),
    others: Object.keys(texts).map((name): OtherField => ({
      name,
      type: 'text',
      nullable: name === column,
      metadata: new Map(),
    })),
    provenance,
    metadata: new Map(),
  })
  await stream.write({
    rows: points.length,
    modalities: Object.fromEntries(
      projections.map(({ name, plane }) => [
        name,
        { layout: 'vector' as const, dim: 2, values: Float32Array.from(plane), present },
      ]),
    ),
    others: Object.fromEntries(
      Object.entries(texts).map(([name, values]) => [name, { layout: 'other' as const, values }]),
    ),
  })
  await stream.finish()
}
