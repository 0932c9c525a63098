import { collect, type Collected } from '../stream/collect.js'
import type { InputStream, InputSummary } from '../stream/read.js'
import type { StreamSchema } from '../stream/types.js'

/** Embeddings that can be read once, whatever holds them. */
export interface EmbeddingSource {
  /** For messages. */
  name: string
  schema: StreamSchema
  collect(columns: {
    modalities: readonly string[]
    others: readonly string[]
  }): Promise<Collected & { border?: number }>
  /** What was read; known at the end. */
  summaries(): InputSummary[]
}

export const streamSource = (stream: InputStream): EmbeddingSource => ({
  name: stream.name,
  schema: stream.schema,
  collect: columns => collect(stream, columns),
  summaries: () => [stream.summary()],
})
