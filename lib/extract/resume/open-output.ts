import { statSync } from 'node:fs'
import { badUsage } from '../../error.js'
import { openStream } from '../../stream/read.js'
import { openSink } from '../../stream/sink.js'
import type { StreamSchema } from '../../stream/types.js'
import { createStream, type OutputStream } from '../../stream/write.js'
import type { ExtractedBatch } from '../extract.js'
import type { BadItem } from '../bad-items.js'
import type { Identity } from './journal.js'
import { openPartialFile, type PartialFile } from './partial-file.js'

/** Where an extraction goes to, and how far it is. */
export interface Output {
  /** Rows of the input that an earlier run has dealt with. */
  readonly read: number
  /** Items that it could not use. */
  readonly bad: readonly BadItem[]
  /** Rows written so far, by any run. */
  written(): number
  write(batch: ExtractedBatch): Promise<void>
  finish(): Promise<void>
  abort(): Promise<void>
}

/** An output that begins anew, and is as it was before when anything fails. */
export async function openOutput(path: string, schema: StreamSchema): Promise<Output> {
  const stream = createStream(await openSink(path, { binary: true }), schema)
  return outputOf(stream, undefined)
}

/**
 * An output that goes on where an earlier run of the same command was stopped, if one was. `path`
 * must be a file; `identity` tells what the result is made of.
 */
export async function resumeOutput(
  path: string,
  schema: StreamSchema,
  identity: Identity,
): Promise<Output> {
  const partial = await openPartialFile(path, identity)
  const { done, sink } = partial
  if (!done || done.batches === 0) return outputOf(createStream(sink, schema), partial)
  const before = await openStream(partial.path)
  // The schema in the file is the one to be closed: its provenance is that of the first run.
  const stream = createStream(sink, { ...schema, provenance: before.schema.provenance })
  let batches = 0
  for await (const batch of before) {
    await stream.adopt(batch)
    // Behind the last one the file ends before its end is marked.
    if (++batches === done.batches) break
  }
  return outputOf(stream, partial)
}

/** A file that can be written beside itself: what is there now, or nothing. */
export function checkResumable(path: string): void {
  const isFile = path !== '-' && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true)
  if (!isFile) throw badUsage('--resume needs a file to go on with', 'name it with -o FILE')
}

const outputOf = (stream: OutputStream, partial: PartialFile | undefined): Output => {
  let { batches, rows } = partial?.done ?? { batches: 0, rows: 0 }
  return {
    read: partial?.done?.read ?? 0,
    bad: partial?.bad ?? [],
    written: () => rows,
    async write({ read, bad, ...batch }) {
      if (batch.rows > 0) {
        await stream.write(batch)
        batches++
        rows += batch.rows
      }
      await partial?.commit({ read, batches, rows, bad })
    },
    finish: () => stream.finish(),
    abort: () => stream.abort(),
  }
}
