import { open } from 'node:fs/promises'
import { PcmError } from '../error.js'
import { spoolSource } from '../extract/spool.js'
import { inputError } from '../formats/byte-range.js'
import { openStream, readStream, type InputStream } from '../stream/read.js'
import { formatOfPath, sniffFormat, type Format } from './format.js'
import { peekStandardInput } from './standard-input.js'
import type { Rows } from './table.js'

/** Opens an input of any format: what `from` says, else what its first bytes or its ending say. */
export const openInput = async (path: string, from: Format | undefined): Promise<Rows> => {
  if (path === '-') return openStandardInput(from)
  return openAs(from ?? (await formatOfFile(path)), path)
}

/** A stream is read as it comes; any other format is copied to a temporary file first. */
const openStandardInput = async (from: Format | undefined): Promise<Rows> => {
  const { start, source } = await peekStandardInput()
  const format = from ?? (start.byteLength === 0 ? 'stream' : (sniffFormat(start) ?? 'text'))
  if (isArrow(format)) return streamRows(await readStream(source))
  const file = await spoolSource(source)
  const path = `/dev/fd/${file.fd}`
  try {
    return inOtherWords(await openAs(format, path), path, () => file.close())
  } catch (error) {
    await file.close()
    throw named(error, path)
  }
}

/** `text` leaves it to the manifest reader to tell CSV, TSV and JSON Lines apart. */
const openAs = async (format: Format | 'text', path: string): Promise<Rows> => {
  if (isArrow(format)) return streamRows(await openStream(path))
  if (format === 'npy' || format === 'npz' || format === 'safetensors')
    return (await import('./open-arrays.js')).openArrays(path, format)
  if (format === 'parquet') return (await import('./open-parquet.js')).openParquetRows(path)
  return (await import('./read-table.js')).tableRows(path)
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
    if (!(await file.stat()).isFile()) return formatOfPath(path) ?? 'stream'
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    const ending = formatOfPath(path)
    return sniffFormat(buffer.subarray(0, bytesRead)) ?? ending ?? 'text'
  } catch (error) {
    throw inputError(path, error)
  } finally {
    await file.close()
  }
}

/** What is read from a copy is still standard input to whoever gave it. */
const inOtherWords = (rows: Rows, path: string, done: () => Promise<void>): Rows => ({
  ...rows,
  async *batches() {
    try {
      yield* rows.batches()
    } catch (error) {
      throw named(error, path)
    }
  },
  async close() {
    await rows.close()
    await done()
  },
})

const named = (error: unknown, path: string): unknown => {
  if (!(error instanceof PcmError)) return error
  const { message, exit, hint, cause } = error
  return new PcmError(message.replaceAll(path, 'standard input'), { exit, hint, cause })
}
