import { statSync } from 'node:fs'
import type { Batch } from '../stream/batch.js'
import { openStream, type InputStream, type ReadOptions } from '../stream/read.js'

/** A stream that is read from beginning to end two times. */
export interface ReadTwice {
  /** The first reading; its summary and provenance are those of the stream. */
  stream: InputStream
  first: AsyncIterable<Batch>
  second: AsyncIterable<Batch>
}

/** A file is opened twice, so memory does not grow with it; of a pipe the batches are kept. */
export const openTwice = async (path: string, options: ReadOptions): Promise<ReadTwice> => {
  const stream = await openStream(path, options)
  if (path !== '-' && statSync(path, { throwIfNoEntry: false })?.isFile())
    return { stream, first: stream, second: again(path, options) }
  const kept: Batch[] = []
  return { stream, first: keeping(stream, kept), second: replay(kept) }
}

async function* again(path: string, options: ReadOptions) {
  yield* await openStream(path, options)
}

async function* keeping(batches: AsyncIterable<Batch>, kept: Batch[]) {
  for await (const batch of batches) {
    kept.push(batch)
    yield batch
  }
}

/** Gives each batch away, so that it can be forgotten. */
async function* replay(kept: Batch[]) {
  for (let batch = kept.shift(); batch; batch = kept.shift()) yield batch
}
