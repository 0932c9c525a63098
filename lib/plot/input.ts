import { streamSource, type EmbeddingSource } from '../retrieve/embedding-source.js'
import { readStream } from '../stream/read.js'
import { openSource, type Source } from '../stream/source.js'
import type { Where } from '../stream/where.js'
import { metricsOfStream, readRecords, type MetricsInput } from './read-records.js'

/** What a figure is made of. */
export type PlotInput =
  | { content: 'embeddings'; source: EmbeddingSource }
  | { content: 'metrics'; path: string; metrics: MetricsInput }

/** Opens embeddings, or reads metrics: a stream of them, or JSON Lines, told by the first byte. */
export const openInput = async (path: string, where: Where[]): Promise<PlotInput> => {
  const { start, source } = await peek(await openSource(path))
  if (isText(start)) {
    const metrics = await readRecords(source, where)
    return { content: 'metrics', path, metrics }
  }
  const stream = await readStream(source, { expect: ['embeddings', 'metrics'], where })
  if (stream.schema.content === 'metrics')
    return { content: 'metrics', path, metrics: await metricsOfStream(stream) }
  return { content: 'embeddings', source: streamSource(stream) }
}

/** The first chunk of a source, and the source with that chunk before it still. */
const peek = async (source: Source): Promise<{ start: Uint8Array; source: Source }> => {
  const chunks = source[Symbol.asyncIterator]()
  const first = await chunks.next()
  const start = first.done ? new Uint8Array() : first.value
  return {
    start,
    source: {
      name: source.name,
      close: () => source.close(),
      async *[Symbol.asyncIterator]() {
        if (start.length > 0) yield start
        for (let next = await chunks.next(); !next.done; next = await chunks.next())
          yield next.value
      },
    },
  }
}

/** A brace, perhaps behind a byte order mark or blanks. */
const isText = (start: Uint8Array): boolean =>
  /^\ufeff?\s*\{/.test(Buffer.from(start.subarray(0, 64)).toString('utf8'))
