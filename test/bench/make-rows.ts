import { random } from '../../fixtures/maker/random.js'
import { openSink } from '../../lib/stream/sink.js'
import type { StreamSchema, VectorColumn } from '../../lib/stream/types.js'
import { createStream, rowsPerBatch } from '../../lib/stream/write.js'

/**
 * `node make-rows.js ROWS PHOTO-DIM [CAPTION-DIM]` writes a stream of features, made on the fly:
 * photo, and with a third number caption too.
 */
const [rows = 0, ...dims] = process.argv.slice(2).map(Number)
const NAMES = ['photo', 'caption'] as const
const modalities = dims.map((dim, i) => ({
  name: NAMES[i] ?? '',
  kind: 'vector' as const,
  layout: 'vector' as const,
  dim,
  float: 'float32' as const,
  unit: false,
}))
const schema: StreamSchema = {
  content: 'features',
  modalities,
  others: [{ name: 'id', type: 'text', nullable: false, metadata: new Map() }],
  provenance: [],
  metadata: new Map(),
}

const draw = random(0, 'rows')
const columns = dims.map(dim => Float32Array.from({ length: 4096 * dim }, draw.uniform))

/** `count` rows of one modality from row `first`: a window of some noise, so that making is cheap. */
const window = (modality: number, first: number, count: number): VectorColumn => {
  const dim = dims[modality] ?? 0
  const noise = columns[modality] ?? new Float32Array()
  const values = new Float32Array(count * dim)
  for (let row = 0; row < count; row++) {
    const start = (((first + row) * 31) % 4095) * dim
    values.set(noise.subarray(start, start + dim), row * dim)
    values[row * dim] = first + row
  }
  return { layout: 'vector', dim, values, present: new Uint8Array(count).fill(1) }
}

const stream = createStream(await openSink('-', { binary: true }), schema)
const step = rowsPerBatch(schema)
for (let first = 0; first < rows; first += step) {
  const count = Math.min(step, rows - first)
  await stream.write({
    rows: count,
    modalities: Object.fromEntries(
      modalities.map(({ name }, i) => [name, window(i, first, count)]),
    ),
    others: {
      id: { layout: 'other', values: Array.from({ length: count }, (_, i) => `r${first + i}`) },
    },
  })
}
await stream.finish()
