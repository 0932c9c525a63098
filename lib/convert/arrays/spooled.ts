import type { FileHandle } from 'node:fs/promises'
import { openNameless } from '../../stream/nameless.js'
import { Exit, PcmError } from '../../error.js'

const CHUNK = 1 << 22

/** Bytes that must wait until more is known of them, in a temporary file. */
export class Spooled {
  readonly #file: FileHandle
  length = 0

  private constructor(file: FileHandle) {
    this.#file = file
  }

  static async open(): Promise<Spooled> {
    try {
      return new Spooled(await openNameless())
    } catch (error) {
      throw spoolError(error)
    }
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.byteLength;) {
        const left = bytes.byteLength - done
        const { bytesWritten } = await this.#file.write(bytes, done, left, this.length)
        done += bytesWritten
        this.length += bytesWritten
      }
    } catch (error) {
      throw spoolError(error)
    }
  }

  /** From the first byte on, in pieces of a whole number of `unit` bytes. */
  async *chunks(unit = 1): AsyncGenerator<Buffer, void> {
    const size = Math.max(unit, CHUNK - (CHUNK % unit))
    for (let at = 0; at < this.length; at += size)
      yield this.read(at, Math.min(size, this.length - at))
  }

  async read(at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(length)
    try {
      for (let filled = 0; filled < length;) {
        const { bytesRead } = await this.#file.read(bytes, filled, length - filled, at + filled)
        if (bytesRead === 0) throw new Error('the temporary file became shorter')
        filled += bytesRead
      }
    } catch (error) {
      throw spoolError(error)
    }
    return bytes
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

const spoolError = (error: unknown): PcmError =>
  new PcmError(
    `no room for temporary files: ${error instanceof Error ? error.message : String(error)}`,
    { exit: Exit.io, hint: 'set TMPDIR to a place with room', cause: error },
  )
