import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Batch } from '../../lib/stream/batch.js'
import { createStream } from '../../lib/stream/write.js'
import type { OtherField, StreamSchema } from '../../lib/stream/types.js'
import { memorySink } from '../stream/memory.js'

/** A row: its id, its vector of two numbers if it has one, its label. */
export interface Row {
  id: string
  x: [number, number] | null
  label?: string | null
}

const text = (name: string): OtherField => ({
  name,
  type: 'text',
  nullable: name !== 'id',
  metadata: new Map(),
})

export const schemaOf = (modality: string, more: Partial<StreamSchema> = {}): StreamSchema => ({
  content: 'features',
  modalities: [
    { name: modality, kind: 'vector', layout: 'vector', dim: 2, float: 'float16', unit: false },
  ],
  others: [text('id'), text('label')],
  provenance: [{ pn: 'pcm-extract', vn: '0', cl: `pcm-extract ${modality}` }],
  metadata: new Map(),
  ...more,
})

/** Writes rows as a stream with one modality, `size` a batch; returns the path. */
export async function writeRows(
  folder: string,
  modality: string,
  rows: readonly Row[],
  { size = 3, schema = schemaOf(modality) }: { size?: number; schema?: StreamSchema } = {},
): Promise<string> {
  const sink = memorySink()
  const stream = createStream(sink, schema)
  for (let start = 0; start < rows.length; start += size) {
    const part = rows.slice(start, start + size)
    await stream.write({
      rows: part.length,
      modalities: {
        [schema.modalities[0]!.name]: {
          layout: 'vector',
          dim: 2,
          values: Float32Array.from(part.flatMap(({ x }) => x ?? [0, 0])),
          present: Uint8Array.from(part, ({ x }) => (x ? 1 : 0)),
        },
      },
      others: {
        id: { layout: 'other', values: part.map(({ id }) => id) },
        label: { layout: 'other', values: part.map(({ label }) => label ?? null) },
      },
    })
  }
  await stream.finish()
  const path = join(folder, `${modality}-${Math.random().toString(36).slice(2)}.arrows`)
  writeFileSync(path, sink.bytes())
  return path
}

/** The rows of batches, told by column; a vector as its two numbers. */
export async function rowsOf(
  batches: AsyncIterable<Batch>,
  modalities: readonly string[],
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  for await (const batch of batches)
    for (let row = 0; row < batch.rows; row++) {
      const vectors = modalities.map(name => {
        const column = batch.modality(name)
        if (column.layout !== 'vector') throw new Error('expected vectors')
        const vector = Array.from(column.values.subarray(2 * row, 2 * row + 2))
        return [name, column.present[row] ? vector : null]
      })
      rows.push({
        id: batch.other('id').values[row],
        label: batch.other('label').values[row],
        ...Object.fromEntries(vectors),
      })
    }
  return rows
}
