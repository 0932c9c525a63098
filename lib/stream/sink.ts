import { fstatSync, statSync } from 'node:fs'
import { badUsage, Exit, PcmError } from '../error.js'
import { descriptorSink } from './descriptor-sink.js'
import { deviceSink, fileSink } from './file-sink.js'
import { pipeSink } from './pipe-sink.js'
import { writeError } from './sink-error.js'

export { DownstreamClosed } from './sink-error.js'

/** Where bytes go. After `finish` they are all there; after `abort` a file is as it was before. */
export interface Sink {
  /** Resolves when the bytes are handed on and the caller may use their memory again. */
  write(bytes: Uint8Array): Promise<void>
  /** Replaces bytes that were written before; only files can. */
  patch?(at: number, bytes: Uint8Array): Promise<void>
  finish(): Promise<void>
  abort(): Promise<void>
}

/**
 * Opens a path for writing, `-` being standard output. A file is written beside its place, flushed
 * to disk and renamed by `finish`; pipes and devices are written in place. `binary` output to a
 * terminal is refused (64); a full disk and its kin are exit 74; a reader that has gone throws
 * DownstreamClosed.
 */
export const openSink = async (path: string, { binary }: { binary: boolean }): Promise<Sink> => {
  if (path !== '-') return openPath(path)
  if (binary && process.stdout.isTTY)
    throw badUsage(
      'will not write binary data to a terminal',
      'redirect it to a file, pipe it to another program, or name a file with -o',
    )
  return isPolled() ? pipeSink(process.stdout) : descriptorSink(1, 'standard output')
}

/** What exists and is no file must not be replaced by one: `/dev/full`, a named pipe. */
const openPath = (path: string): Promise<Sink> => {
  const stat = statOf(path)
  if (stat?.isDirectory())
    throw new PcmError(`${path}: is a directory, expected a file`, { exit: Exit.io })
  return stat && !stat.isFile() ? deviceSink(path) : fileSink(path)
}

const statOf = (path: string) => {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw writeError(path, error)
  }
}

const isPolled = (): boolean => {
  if (process.stdout.isTTY) return true
  try {
    const stat = fstatSync(1)
    return stat.isFIFO() || stat.isSocket()
  } catch (error) {
    throw writeError('standard output', error)
  }
}
