import { close, createReadStream, fstatSync, open } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { badUsage, errorCode, Exit, PcmError } from '../error.js'
import { FileReader } from './file-reader.js'

/** Bytes as they come: a chunk is read only when the one before has been taken. */
export interface Source extends AsyncIterable<Uint8Array> {
  /** For messages: the path, or `standard input`. */
  readonly name: string
  /** Of files: the next bytes straight into memory that is there; how many, 0 at the end. */
  fill?(into: Uint8Array): Promise<number>
  /** Stops reading; harmless after the end. */
  close(): void
}

/** Bytes that are read at once where nobody says how many. */
export const CHUNK = 1 << 20

/**
 * Opens a path for reading, `-` being standard input; pipes, `/dev/fd/N` and devices are as good
 * as files. What cannot be opened is exit 66, what cannot be read 74, a terminal 64.
 */
export const openSource = async (path: string): Promise<Source> => {
  const name = path === '-' ? 'standard input' : path
  const opened = path === '-' ? standardInput() : await openPath(path)
  return opened instanceof FileReader ? fileSource(opened, name) : streamSource(opened, name)
}

const fileSource = (file: FileReader, name: string): Source => {
  const fill = (into: Uint8Array): Promise<number> =>
    file.fill(into).catch((error: unknown) => {
      throw readError(name, error)
    })
  return {
    name,
    fill,
    close: () => file.close(),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const chunk = new Uint8Array(CHUNK)
        const length = await fill(chunk)
        if (length === 0) return
        yield chunk.subarray(0, length)
      }
    },
  }
}

const streamSource = (stream: Readable, name: string): Source => {
  // An error may come while nobody reads; the next read reports it.
  stream.on('error', () => {})
  return {
    name,
    close: () => void stream.destroy(),
    [Symbol.asyncIterator]: () => chunks(stream, name),
  }
}

async function* chunks(stream: Readable, name: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* stream as AsyncIterable<Uint8Array>
  } catch (error) {
    throw readError(name, error)
  }
}

const standardInput = (): Readable | FileReader => {
  const hint = 'name a file, or pipe the output of another program in'
  if (process.stdin.isTTY) throw badUsage('standard input is a terminal', hint)
  try {
    if (fstatSync(0).isFile()) return new FileReader(0)
  } catch (error) {
    throw openError('standard input', error)
  }
  return process.stdin
}

const openPath = async (path: string): Promise<Readable | FileReader> => {
  try {
    const fd = await promisify(open)(path, 'r')
    const stat = fstatSync(fd)
    if (stat.isDirectory()) {
      await promisify(close)(fd)
      throw new PcmError(`${path}: is a directory, expected a file`, { exit: Exit.noInput })
    }
    if (stat.isFile()) return new FileReader(fd)
    // A pipe is polled rather than read by a thread, so that closing it never waits for a writer.
    if (stat.isFIFO()) return new Socket({ fd, readable: true, writable: false })
    return createReadStream('', { fd, highWaterMark: CHUNK })
  } catch (error) {
    throw openError(path, error)
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EBADF: 'is closed',
  ENOTDIR: 'no such file (a part of the path is not a directory)',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on this machine',
}

/** Where the machine is at fault, not the file. */
const OF_THE_MACHINE = new Set(['EMFILE', 'ENFILE'])

const openError = (name: string, error: unknown): unknown => {
  const code = errorCode(error)
  if (error instanceof PcmError || code === undefined) return error
  const reason = REASONS[code] ?? `cannot be opened (${code})`
  const exit = OF_THE_MACHINE.has(code) ? Exit.io : Exit.noInput
  return new PcmError(`${name}: ${reason}`, { exit, cause: error })
}

const readError = (name: string, error: unknown): unknown => {
  const code = errorCode(error)
  if (error instanceof PcmError || code === undefined) return error
  return new PcmError(`${name}: cannot be read (${code})`, { exit: Exit.io, cause: error })
}
