import { close, read as readCallback } from 'node:fs'
import { promisify } from 'node:util'

const read = promisify(readCallback)

/** An open file, read from where it stands into memory that is there already. */
export class FileReader {
  readonly #fd: number
  #reading = false
  #closed = false

  constructor(fd: number) {
    this.#fd = fd
  }

  /** Reads as much as fits or less; how many bytes, 0 at the end and after `close`. */
  async fill(into: Uint8Array): Promise<number> {
    if (this.#closed) return 0
    this.#reading = true
    try {
      return (await read(this.#fd, into, 0, into.byteLength, null)).bytesRead
    } finally {
      this.#reading = false
      if (this.#closed) this.#release()
    }
  }

  /** Waits for a read that is under way: the system may give its number to another file. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (!this.#reading) this.#release()
  }

  #release(): void {
    close(this.#fd, () => {})
  }
}
