import { murmur3 } from '../../murmur3.js'

/**
 * How often each gram of a group occurs, and its hash, in the order of first occurrence: a table
 * with open addressing over the bytes themselves, which spares a string a gram. Used again and
 * again; it grows with the longest text.
 */
export class GramCounts {
  /** Different grams so far; the arrays below hold as many. */
  size = 0
  hashes = new Uint32Array(1 << 9)
  counts = new Uint32Array(1 << 9)
  #ends = new Uint32Array(1 << 9)
  #bytes = new Uint8Array(1 << 12)
  /** Places of grams, counted from 1; 0 is free. A power of two, never more than half full. */
  #slots = new Int32Array(1 << 10)

  clear(): void {
    this.size = 0
    this.#slots.fill(0)
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const hash = murmur3(bytes, 0, start, end)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let gram = this.#slots[slot]!; gram > 0; gram = this.#slots[slot]!) {
      if (this.hashes[gram - 1] === hash && this.#same(gram - 1, bytes, start, end)) {
        this.counts[gram - 1]!++
        return
      }
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = this.#keep(hash, bytes, start, end)
    if (2 * this.size > mask) this.#grow()
  }

  #same(gram: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = gram > 0 ? this.#ends[gram - 1]! : 0
    if (this.#ends[gram]! - from !== end - start) return false
    for (let at = start; at < end; at++)
      if (this.#bytes[from + at - start] !== bytes[at]) return false
    return true
  }

  #keep(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const from = this.size > 0 ? this.#ends[this.size - 1]! : 0
    const to = from + end - start
    if (to > this.#bytes.length) this.#bytes = longer(this.#bytes, 2 * to)
    for (let at = start; at < end; at++) this.#bytes[from + at - start] = bytes[at]!
    this.#ends[this.size] = to
    this.hashes[this.size] = hash
    this.counts[this.size] = 1
    return ++this.size
  }

  #grow(): void {
    const length = 2 * this.#slots.length
    this.hashes = longer(this.hashes, length)
    this.counts = longer(this.counts, length)
    this.#ends = longer(this.#ends, length)
    this.#slots = new Int32Array(length)
    for (let gram = 0; gram < this.size; gram++) {
      let slot = this.hashes[gram]! & (length - 1)
      while (this.#slots[slot]! > 0) slot = (slot + 1) & (length - 1)
      this.#slots[slot] = gram + 1
    }
  }
}

const longer = <Numbers extends Uint8Array | Uint32Array>(numbers: Numbers, length: number) => {
  const made = new (numbers.constructor as new (length: number) => Numbers)(length)
  made.set(numbers)
  return made
}
