import { CHUNK, type Source } from '../source.js'
import { NO_BYTES } from './cells.js'

/** Claimed lengths are believed only so far; beyond, memory grows with what has arrived. */
const FIRST_ALLOCATION = 1 << 25

/** What is read behind a large piece of a file: room for the header of the next one. */
const BEHIND = 1 << 16

/** Cuts a source into the pieces that are asked for, each in memory of its own (so aligned). */
export class ByteReader {
  readonly #source: Source
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = NO_BYTES

  constructor(source: Source) {
    this.#source = source
    this.#chunks = source[Symbol.asyncIterator]()
  }

  /**
   * The next `length` bytes; fewer only where the source ends. Of files a little more is read along
   * with a large piece, so that the next one can be asked for without a wait for its header.
   */
  async upTo(length: number): Promise<Uint8Array> {
    const most = this.#isDirect(length) ? length + BEHIND : length
    let bytes = new Uint8Array(Math.min(most, FIRST_ALLOCATION))
    let filled = 0
    while (filled < length) {
      if (filled === bytes.byteLength) bytes = grow(bytes, most)
      const came = await this.#into(bytes.subarray(filled), length - filled)
      if (came === 0) break
      filled += came
    }
    if (filled > length) this.#rest = bytes.slice(length, filled)
    return bytes.subarray(0, Math.min(filled, length))
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

  /**
   * The next bytes, as many as fit or fewer; how many, 0 at the end. Large pieces are not copied, and
   * only of them there may be more than `wanted`: there is no rest then.
   */
  async #into(bytes: Uint8Array, wanted: number): Promise<number> {
    if (this.#rest.byteLength === 0 && this.#isDirect(Math.min(wanted, bytes.byteLength)))
      return await this.#source.fill!(bytes)
    if (!(await this.#fill())) return 0
    const piece = this.#rest.subarray(0, Math.min(wanted, bytes.byteLength))
    bytes.set(piece)
    this.#rest = this.#rest.subarray(piece.byteLength)
    return piece.byteLength
  }

  /** Whether a piece goes from a file to its place in memory without a chunk between. */
  #isDirect(length: number): boolean {
    return this.#source.fill !== undefined && length >= CHUNK
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

const grow = (bytes: Uint8Array, limit: number): Uint8Array<ArrayBuffer> => {
  const larger = new Uint8Array(Math.min(limit, bytes.byteLength * 2))
  larger.set(bytes)
  return larger
}
