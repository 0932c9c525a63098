import type { Source } from '../source.js'
import { NO_BYTES } from './cells.js'

/** Claimed lengths are believed only so far; beyond, memory grows with what has arrived. */
const FIRST_ALLOCATION = 1 << 25

/** Cuts a source into the pieces that are asked for, each in memory of its own (so aligned). */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = NO_BYTES

  constructor(source: Source) {
    this.#chunks = source[Symbol.asyncIterator]()
  }

  /** The next `length` bytes; fewer only where the source ends. */
  async upTo(length: number): Promise<Uint8Array> {
    let bytes = new Uint8Array(Math.min(length, FIRST_ALLOCATION))
    let filled = 0
    while (filled < length && (await this.#fill())) {
      const piece = this.#rest.subarray(0, length - filled)
      const needed = filled + piece.byteLength
      if (needed > bytes.byteLength) bytes = grow(bytes, needed, length)
      bytes.set(piece, filled)
      filled = needed
      this.#rest = this.#rest.subarray(piece.byteLength)
    }
    return filled === bytes.byteLength ? bytes : bytes.subarray(0, filled)
  }

  /** Reads to the end: how many bytes came, and the last `keep` of them. */
  async drain(keep: number): Promise<{ length: number; last: Uint8Array }> {
    let length = 0
    let last: Uint8Array = NO_BYTES
    while (await this.#fill()) {
      length += this.#rest.byteLength
      const tail = this.#rest.subarray(-keep)
      last = Uint8Array.from([...last, ...tail].slice(-keep))
      this.#rest = NO_BYTES
    }
    return { length, last }
  }

  /** True when there is at least one byte in `#rest`. */
  async #fill(): Promise<boolean> {
    while (this.#rest.byteLength === 0) {
      const { done, value } = await this.#chunks.next()
      if (done) return false
      this.#rest = value
    }
    return true
  }
}

const grow = (bytes: Uint8Array, needed: number, limit: number): Uint8Array<ArrayBuffer> => {
  const larger = new Uint8Array(Math.min(limit, Math.max(needed, bytes.byteLength * 2)))
  larger.set(bytes)
  return larger
}
