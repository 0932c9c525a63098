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
  async write(bytes) {
    try {
      for (let done = 0; done < bytes.byteLength;) {
        const { bytesWritten } = await write(fd, bytes, done, bytes.byteLength - done, null)
        done += bytesWritten
      }
    } catch (error) {
      throw writeError(name, error)
    }
  },
  async finish() {},
  async abort() {},
})
