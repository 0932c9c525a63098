import type { Sink } from '../../lib/stream/sink.js'
import type { Source } from '../../lib/stream/source.js'

/** A sink that keeps what is written; `bytes` is everything so far. */
export const memorySink = (): Sink & { bytes(): Uint8Array; state: string } => {
  const written: Buffer[] = []
  const sink = {
    state: 'open',
    bytes: () => Uint8Array.from(Buffer.concat(written)),
    // Callers may reuse their memory, so it is copied.
    write: async (bytes: Uint8Array) => void written.push(Buffer.from(bytes)),
    finish: async () => void (sink.state = 'finished'),
    abort: async () => void (sink.state = 'aborted'),
  }
  return sink
}

/** A source that hands out `bytes` in pieces of `size`. */
export const memorySource = (bytes: Uint8Array, size = 1 << 16): Source => ({
  name: 'memory',
  close: () => {},
  async *[Symbol.asyncIterator]() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  },
})
