import { fstatSync, statSync } from 'node:fs'
import { badUsage } from '../error.js'
import { descriptorSink } from './descriptor-sink.js'
import { deviceSink, fileSink } from './file-sink.js'
import { pipeSink } from './pipe-sink.js'
import { writeError } from './sink-error.js'

export { DownstreamClosed } from './sink-error.js'

/** Where bytes go. After `finish` they are all there; after `abort` a file is as it was before. */
export interface Sink {
  /** Resolves when the bytes are handed on and the caller may use their memory again. */
  write(bytes: Uint8Array): Promise<void>
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
  if (path !== '-') return isDevice(path) ? deviceSink(path) : fileSink(path)
  if (binary && process.stdout.isTTY)
    throw badUsage(
      'will not write binary data to a terminal',
      'redirect it to a file, pipe it to another program, or name a file with -o',
    )
  return isPolled() ? pipeSink(process.stdout) : descriptorSink(1, 'standard output')
}

/** True for what exists and must not be replaced by a file: `/dev/full`, a named pipe. */
const isDevice = (path: string): boolean => {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && !stat.isFile() && !stat.isDirectory()
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
