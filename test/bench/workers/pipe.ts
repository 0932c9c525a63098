import { openStream } from '../../../lib/stream/read.js'
import { openSink } from '../../../lib/stream/sink.js'
import type { VectorColumn } from '../../../lib/stream/types.js'
import { createStream } from '../../../lib/stream/write.js'
import { given } from './worker.js'

/** What pcm-embed does with rows.arrows but for the arithmetic: embeddings come from a stock. */
const { dim } = given<{ dim: number }>()
const input = await openStream('rows.arrows', { expect: ['features'] })
const { modalities } = input.schema
const output = createStream(await openSink('out.arrows', { binary: true }), {
  ...input.schema,
  content: 'embeddings',
  modalities: modalities.map(field => ({ ...field, dim, unit: true })),
})
let stock = new Float32Array()
for await (const batch of input) {
  const { rows } = batch
  if (stock.length < rows * dim) stock = new Float32Array(rows * dim).fill(dim ** -0.5)
  const made = modalities.map(({ name }) => {
    const { present } = batch.modality(name)
    const values = stock.subarray(0, rows * dim)
    return [name, { layout: 'vector', dim, values, present } satisfies VectorColumn] as const
  })
  await output.write({ rows, modalities: Object.fromEntries(made), from: batch })
}
await output.finish([input.summary()])
