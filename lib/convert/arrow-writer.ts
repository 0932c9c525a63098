import type { Sink } from '../stream/sink.js'
import type { StreamSchema } from '../stream/types.js'
import { createStream } from '../stream/write.js'
import type { TableWriter } from './table.js'

/** A pcm stream, or with `file` an Arrow file: everything is copied as it lies. */
export const arrowWriter = (
  sink: Sink,
  schema: StreamSchema,
  { file }: { file: boolean },
): TableWriter => {
  const stream = createStream(sink, schema, { file })
  return {
    write: batch => stream.write({ rows: batch.rows, from: batch }),
    finish: inputs => stream.finish(inputs),
    async close() {},
  }
}
