import { open, stat } from 'node:fs/promises'
import { PcmError } from '../error.js'
import { spoolSource } from '../extract/spool.js'
import { inputError } from '../formats/byte-range.js'
import { openStream, readStream, type InputStream } from '../stream/read.js'
import type { Choice } from './choose.js'
import { formatOfPath, sniffFormat, type Format } from './format.js'
import { peek } from './peek.js'
import type { Rows } from './table.js'

/** Opens an input of any format: what `from` says, else what its first bytes or its ending say. */
export const openInput = async (
  path: string,
  from: Format | undefined,
  choice: Choice,
): Promise<Rows> => {
  if (path === '-' || !(await isFile(path))) return openOnce(path, from, choice)
  return openAs(from ?? (await formatOfFile(path)), path, choice)
}

/** A pipe, named or not, gives its bytes to the first who opens it: it is opened only once. */
const isFile = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile()
  } catch (error) {
    throw inputError(path, error)
  }
}

/** A stream of pcm is read as it comes; anything else is copied to a temporary file first. */
const openOnce = async (input: string, from: Format | undefined, choice: Choice): Promise<Rows> => {
  const { start, source } = await peek(input)
  const format = from ?? (start.byteLength === 0 ? 'stream' : (sniffFormat(start) ?? 'text'))
  if (isArrow(format) && !isForeign(start)) return streamRows(await readStream(source))
  const file = await spoolSource(source)
  const path = `/dev/fd/${file.fd}`
  try {
    const rows = await openAs(format, path, choice)
    return inOtherWords(rows, { path, name: source.name }, () => file.close())
  } catch (error) {
    await file.close()
    throw named(error, { path, name: source.name })
  }
}

/** An Arrow schema in which no pcm program has left its mark: what it holds is to be seen first. */
const isForeign = (start: Buffer): boolean => start.length > 0 && !start.includes('pcm.schema')

/** `text` leaves it to the manifest reader to tell CSV, TSV and JSON Lines apart. */
const openAs = async (format: Format | 'text', path: string, choice: Choice): Promise<Rows> => {
  if (isArrow(format))
    return (
      (await (await import('./open-arrow.js')).foreignArrowRows(path, choice)) ??
      streamRows(await openStream(path))
    )
  if (format === 'npy' || format === 'npz' || format === 'safetensors')
    return (await import('./open-arrays.js')).openArrays(path, format, choice)
  if (format === 'parquet') return (await import('./open-parquet.js')).openParquetRows(path, choice)
  return (await import('./read-table.js')).tableRows(path, choice)
}

const isArrow = (format: Format | 'text'): boolean => format === 'stream' || format === 'arrow'

const streamRows = (stream: InputStream): Rows => ({
  schema: stream.schema,
  batches: () => stream,
  summaries: () => [stream.summary()],
  close: () => stream.close(),
})

/** Text has no first bytes of its own, so its ending tells, or the manifest reader guesses. */
const formatOfFile = async (path: string): Promise<Format | 'text'> => {
  const file = await open(path).catch(error => {
    throw inputError(path, error)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    const ending = formatOfPath(path)
    return sniffFormat(buffer.subarray(0, bytesRead)) ?? ending ?? 'text'
  } catch (error) {
    throw inputError(path, error)
  } finally {
    await file.close()
  }
}

/** Where a copy lies, and what it is a copy of. */
interface Copy {
  path: string
  name: string
}

/** What is read from a copy is still what it was to whoever gave it. */
const inOtherWords = (rows: Rows, copy: Copy, done: () => Promise<void>): Rows => ({
  ...rows,
  async *batches() {
    try {
      yield* rows.batches()
    } catch (error) {
      throw named(error, copy)
    }
  },
  async close() {
    await rows.close()
    await done()
  },
})

const named = (error: unknown, { path, name }: Copy): unknown => {
  if (!(error instanceof PcmError)) return error
  const { message, exit, hint, cause } = error
  return new PcmError(message.replaceAll(path, name), { exit, hint, cause })
}
