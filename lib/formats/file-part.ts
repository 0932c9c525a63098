import { read } from 'node:fs'
import { promisify } from 'node:util'
import { badData } from '../error.js'

/**
 * Bytes inside a file that is open: a member of an archive, a picture of an array. It can be sent to
 * another thread, since open files are the process's.
 */
export interface FilePart {
  /** For messages: the file, and what in it. */
  readonly name: string
  readonly file: number
  readonly offset: number
  readonly length: number
}

/** Larger than any picture or sound that is one item; a claim beyond it is not believed. */
const LONGEST_PART = 1 << 30

const readAt = promisify(read)

/** All bytes of a part, or bad data (65) where the file does not hold them. */
export async function readPart({ name, file, offset, length }: FilePart): Promise<Buffer> {
  if (length > LONGEST_PART) throw badData(`${name}: ${length} bytes, expected at most 1 GiB`)
  const bytes = Buffer.allocUnsafeSlow(length)
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await readAt(file, bytes, filled, length - filled, offset + filled)
    if (bytesRead === 0)
      throw badData(`${name}: cut short: ${length} bytes expected, ${filled} are there`)
    filled += bytesRead
  }
  return bytes
}
