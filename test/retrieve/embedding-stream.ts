import { openSink } from '../../lib/stream/sink.js'
import type { ModalityField, OtherField } from '../../lib/stream/types.js'
import { createStream } from '../../lib/stream/write.js'
import { table } from './vectors.js'

/** Writes embeddings as a stream in one batch, or in batches of `rows` rows. */
export const writeEmbeddings = async (
  path: string,
  columns: Parameters<typeof table>[0],
  fields: Record<string, Partial<ModalityField>> = {},
): Promise<string> => {
  const given = table(columns)
  const others = Object.entries(given.others).map(([name, { values }]): OtherField => {
    const sample = values.find(value => value !== null)
    const type = typeof sample === 'number' ? 'integer' : 'text'
    return { name, type, nullable: name !== 'id', metadata: new Map() }
  })
  const stream = createStream(await openSink(path, { binary: true }), {
    content: 'embeddings',
    modalities: given.fields.map(each => ({ ...each, ...fields[each.name] })),
    others,
    provenance: [],
    metadata: new Map(),
  })
  await stream.write({ rows: given.rows, modalities: given.modalities, others: given.others })
  await stream.finish()
  return path
}
