import { stat } from 'node:fs/promises'
import type { Batch } from '../stream/batch.js'
import { openStream, type InputStream, type InputSummary } from '../stream/read.js'
import type { StreamSchema } from '../stream/types.js'
import type { Where } from '../stream/where.js'
import { joinChains } from './chains.js'
import { checkInputs } from './inputs.js'
import { checkSameSchema } from './same-schema.js'

/** Streams of one schema, end to end. */
export interface Cat {
  /** That of the first, with the provenance of all. */
  schema: StreamSchema
  /** The batches of each in turn, as they come. May be called once. */
  batches(): AsyncGenerator<Batch>
  /** What was read; known after the last batch. */
  summaries(): InputSummary[]
}

/**
 * Opens streams and checks every schema against the first, before any row is read. A file is closed
 * again until its turn comes, so that any number of them needs no memory; a pipe stays open.
 */
export async function openCat(paths: readonly string[], where: Where[]): Promise<Cat> {
  checkInputs(paths)
  const waiting: (() => Promise<InputStream>)[] = []
  const schemas: { name: string; schema: StreamSchema }[] = []
  for (const path of paths) {
    const stream = await openStream(path, { where })
    const { name, schema } = stream
    if (schemas[0]) checkSameSchema(schemas[0], { name, schema })
    schemas.push({ name, schema })
    if (!(await isFile(path))) {
      waiting.push(async () => stream)
      continue
    }
    await stream.close()
    waiting.push(() => openStream(path, { where }))
  }
  const [first] = schemas as [{ name: string; schema: StreamSchema }]
  const summaries: InputSummary[] = []
  return {
    schema: {
      ...first.schema,
      provenance: joinChains(schemas.map(({ schema }) => schema.provenance)),
    },
    async *batches() {
      for (const open of waiting) {
        const stream = await open()
        // A file may have been replaced meanwhile.
        checkSameSchema(first, stream)
        yield* stream
        summaries.push(stream.summary())
      }
    },
    summaries: () => summaries,
  }
}

const isFile = async (path: string): Promise<boolean> => path !== '-' && (await stat(path)).isFile()
