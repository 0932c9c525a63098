import { write as writeCallback } from 'node:fs'
import { promisify } from 'node:util'
import type { Sink } from './sink.js'
import { writeError } from './sink-error.js'

const write = promisify(writeCallback)

/**
 * Writes to an open file or device. Node's own stream for a redirected stdout takes a short write
 * for a whole one; here the rest is written again, so that a full disk is noticed.
 */
export const descriptorSink = (fd: number, name: string): Sink => ({
  write: bytes => writeAll(fd, name, bytes),
  async finish() {},
  async abort() {},
})

/** `at`: where in a file; where it stands when this is left out. */
export const writeAll = async (
  fd: number,
  name: string,
  bytes: Uint8Array,
  at?: number,
): Promise<void> => {
  try {
    for (let done = 0; done < bytes.byteLength;) {
      const place = at === undefined ? null : at + done
      const { bytesWritten } = await write(fd, bytes, done, bytes.byteLength - done, place)
      done += bytesWritten
    }
  } catch (error) {
    throw writeError(name, error)
  }
}
