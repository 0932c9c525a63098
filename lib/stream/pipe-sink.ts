import type { Writable } from 'node:stream'
import type { Sink } from './sink.js'
import { writeError } from './sink-error.js'

/** Writes to a pipe, socket or terminal; each write waits until the reader has taken it. */
export const pipeSink = (stream: Writable): Sink => {
  // The callback of a write reports its error; this keeps the event from ending the process.
  stream.on('error', () => {})
  return {
    write: bytes =>
      new Promise((resolve, reject) => {
        stream.write(bytes, error => {
          if (error) reject(writeError('standard output', error))
          else resolve()
        })
      }),
    async finish() {},
    async abort() {},
  }
}
