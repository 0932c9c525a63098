/**
 * Levels as runs of equal values (Parquet's RLE/bit-packing hybrid, runs only): a vector of any
 * length takes a few bytes. All levels here fit a byte.
 */
export class RunLevels {
  #bytes = new Uint8Array(1024)
  #length = 0
  #value = -1
  #count = 0

  push(value: number, count: number): void {
    if (value === this.#value) {
      this.#count += count
      return
    }
    this.#end()
    this.#value = value
    this.#count = count
  }

  /** The levels so far; starts anew. */
  take(): Uint8Array {
    this.#end()
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    this.#value = -1
    return taken
  }

  #end(): void {
    if (this.#count === 0) return
    if (this.#length + 8 > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    for (let header = this.#count * 2; ; header = Math.floor(header / 128)) {
      this.#bytes[this.#length++] = header < 128 ? header : (header % 128) + 128
      if (header < 128) break
    }
    this.#bytes[this.#length++] = this.#value
    this.#count = 0
  }
}
