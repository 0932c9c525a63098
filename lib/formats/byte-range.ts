import { fstatSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { badData, errorCode, Exit, PcmError } from '../error.js'
import { readPart } from './file-part.js'

/**
 * Bytes that can be read at any place: a file, part of one, or memory. Formats read through this,
 * so nothing larger than what is really there is ever allocated, whatever a header claims.
 */
export interface ByteRange {
  /** For messages: the file, and the member inside it where there is one. */
  readonly name: string
  readonly length: number
  /** Exactly `length` bytes at `offset`, or bad data (65) where they are not all there. */
  read(offset: number, length: number): Promise<Buffer>
  slice(offset: number, length: number, name?: string): ByteRange
  close(): Promise<void>
}

/** Opens a file for reading at any place. A pipe is read to its end first, since it cannot seek. */
export async function openRange(path: string): Promise<ByteRange> {
  const file = await open(path).catch(error => {
    throw inputError(path, error)
  })
  try {
    const stat = await file.stat()
    if (stat.isDirectory()) {
      throw new PcmError(`${path}: is a directory, expected a file`, { exit: Exit.noInput })
    }
    if (!stat.isFile()) {
      const bytes = await file.readFile()
      await file.close()
      return memoryRange(path, bytes)
    }
    const readAt = async (offset: number, length: number): Promise<Buffer> => {
      const bytes = Buffer.allocUnsafeSlow(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled)
        if (bytesRead === 0) throw badData(`${path}: became shorter while it was read`)
        filled += bytesRead
      }
      return bytes
    }
    return range(path, 0, stat.size, readAt, () => file.close())
  } catch (error) {
    await file.close().catch(() => {})
    throw error
  }
}

/** A regular file that somebody else has opened and will close. */
export async function fileRange(name: string, descriptor: number): Promise<ByteRange> {
  const { size } = fstatSync(descriptor)
  const readAt = (offset: number, length: number) =>
    readPart({ name, file: descriptor, offset, length })
  return range(name, 0, size, readAt, async () => {})
}

/** @param close of what the bytes came from, where that is still open */
export const memoryRange = (
  name: string,
  bytes: Uint8Array,
  close: () => Promise<void> = async () => {},
): ByteRange => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const readAt = async (offset: number, length: number) => buffer.subarray(offset, offset + length)
  return range(name, 0, buffer.length, readAt, close)
}

type ReadAt = (offset: number, length: number) => Promise<Buffer>

function range(
  name: string,
  start: number,
  length: number,
  readAt: ReadAt,
  close: () => Promise<void>,
): ByteRange {
  const demand = (offset: number, wanted: number): void => {
    if (offset < 0 || wanted < 0 || offset + wanted > length) {
      throw badData(
        `${name}: cut short: ${wanted} bytes expected at ${offset}, the file has ${length}`,
      )
    }
  }
  return {
    name,
    length,
    read: async (offset, wanted) => {
      demand(offset, wanted)
      return readAt(start + offset, wanted)
    },
    slice: (offset, wanted, inner = name) => {
      demand(offset, wanted)
      return range(inner, start + offset, wanted, readAt, close)
    },
    close,
  }
}

/** What the system said about opening or reading an input, as exit 66 or 74. */
export const inputError = (path: string, error: unknown): PcmError => {
  const code = errorCode(error)
  if (code === 'ENOENT') {
    return new PcmError(`${path}: no such file`, { exit: Exit.noInput, cause: error })
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new PcmError(`${path}: permission denied`, { exit: Exit.noInput, cause: error })
  }
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP') {
    return new PcmError(`${path}: not a file that can be read (${code})`, {
      exit: Exit.noInput,
      cause: error,
    })
  }
  const said = error instanceof Error ? error.message : String(error)
  return new PcmError(`${path}: cannot be read: ${said}`, { exit: Exit.io, cause: error })
}
