import { type InputStream, readStream } from '../../lib/stream/read.js'
import type { ModalityColumn, ModalityField, OtherColumn } from '../../lib/stream/types.js'
import { createStream } from '../../lib/stream/write.js'
import { memorySink, memorySource } from '../stream/memory.js'

/** Columns of a features stream; every list of others has a value or null a row. */
export interface Features {
  rows: number
  modalities: { field: ModalityField; column: ModalityColumn }[]
  others: Record<string, OtherColumn['values']>
}

export const fieldOf = (name: string, own: Partial<ModalityField> = {}): ModalityField => ({
  name,
  kind: 'vector',
  layout: 'vector',
  dim: 3,
  float: 'float32',
  unit: false,
  ...own,
})

/** A column of vectors, all there unless `present` says otherwise. */
export const vectorsOf = (
  name: string,
  dim: number,
  values: Float32Array,
  present = new Uint8Array(values.length / dim).fill(1),
): Features['modalities'][number] => ({
  field: fieldOf(name, { dim }),
  column: { layout: 'vector', dim, values, present },
})

/** The features as a stream that programs can read, in one batch. */
export async function streamOf({ rows, modalities, others }: Features): Promise<Uint8Array> {
  const sink = memorySink()
  const stream = createStream(sink, {
    content: 'features',
    modalities: modalities.map(({ field }) => field),
    others: Object.entries(others).map(([name, values]) => ({
      name,
      type: values.some(value => typeof value === 'number') ? 'integer' : 'text',
      nullable: name !== 'id',
      metadata: new Map(),
    })),
    provenance: [],
    metadata: new Map(),
  })
  if (rows > 0)
    await stream.write({
      rows,
      modalities: Object.fromEntries(modalities.map(({ field, column }) => [field.name, column])),
      others: Object.fromEntries(
        Object.entries(others).map(([name, values]) => [name, { layout: 'other', values }]),
      ),
    })
  await stream.finish()
  return sink.bytes()
}

/** The same stream, opened. */
export const openFeatures = async (given: Features): Promise<InputStream> =>
  await readStream(memorySource(await streamOf(given)))

/** Names of rows, each its own. */
export const idsOf = (rows: number): string[] => Array.from({ length: rows }, (_, r) => `item ${r}`)
