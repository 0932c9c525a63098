import { closeSync, readSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Exit, PcmError } from '../../error.js'
import { openNamelessSync } from '../../stream/nameless.js'
import { writeError } from '../../stream/sink-error.js'

/**
 * Numbers that wait in a temporary file instead of memory. It has no name, so nothing is left behind
 * however the program ends.
 */
export class Spilled {
  /** Numbers written so far. */
  length = 0
  private readonly fd: number

  constructor() {
    this.fd = attempt(openNamelessSync)
  }

  append(numbers: Float32Array): void {
    this.write(this.length, numbers)
    this.length += numbers.length
  }

  write(from: number, numbers: Float32Array): void {
    const bytes = bytesOf(numbers)
    attempt(() => {
      for (let done = 0; done < bytes.byteLength;)
        done += writeSync(this.fd, bytes, done, bytes.byteLength - done, 4 * from + done)
    })
  }

  /** Fills `out` with the numbers from position `from` on. */
  read(from: number, out: Float32Array): void {
    const bytes = bytesOf(out)
    attempt(() => {
      for (let done = 0; done < bytes.byteLength;) {
        const read = readSync(this.fd, bytes, done, bytes.byteLength - done, 4 * from + done)
        if (read === 0) throw new PcmError('the temporary file is too short', { exit: Exit.io })
        done += read
      }
    })
  }

  close(): void {
    closeSync(this.fd)
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)

const attempt = <Result>(act: () => Result): Result => {
  try {
    return act()
  } catch (cause) {
    const error = writeError(`${tmpdir()}: the temporary file of --memory`, cause)
    if (!(error instanceof PcmError)) throw error
    const hint = 'set TMPDIR to a place with room, or give more --memory'
    throw new PcmError(error.message, { exit: error.exit, hint, cause })
  }
}
