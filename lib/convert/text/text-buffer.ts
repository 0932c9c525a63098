import { LONGEST_DECIMAL, writeDecimal } from './decimal.js'

/** Text that is put together in memory and handed on in large pieces. */
export class TextBuffer {
  #bytes = Buffer.allocUnsafe(1 << 20)
  #length = 0

  /** One ASCII character. */
  byte(code: number): void {
    this.#need(1)
    this.#bytes[this.#length++] = code
  }

  text(text: string): void {
    this.#need(3 * text.length)
    this.#length += this.#bytes.write(text, this.#length)
  }

  /** `numbers[from] .. numbers[to - 1]`, float32 each, with a separator between them. */
  decimals(numbers: Float32Array, from: number, to: number, separator: number): void {
    this.#need((to - from) * (LONGEST_DECIMAL + 1))
    const bytes = this.#bytes
    let at = this.#length
    for (let i = from; i < to; i++) {
      if (i > from) bytes[at++] = separator
      at = writeDecimal(numbers[i]!, bytes, at)
    }
    this.#length = at
  }

  get length(): number {
    return this.#length
  }

  /** What was put together; it is gone with the next text. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    return taken
  }

  #need(room: number): void {
    const least = this.#length + room
    if (least <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(least, 2 * this.#bytes.length))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
