/**
 * Structs in Thrift's compact protocol, as Parquet writes its headers and footer. Nothing is
 * believed: every number, text and list must lie inside the buffer, nesting is bounded. What is not
 * sound is a plain Error.
 */

/** The values of a struct by field number; numbers beyond 2^53 are not exact. */
export type Struct = ReadonlyMap<number, Value>
export type Value = number | boolean | Uint8Array | Struct | readonly Value[]

const DEEPEST = 32

const STOP = 0
const TRUE = 1
const FALSE = 2
const BYTE = 3
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const STRUCT = 12

/** The struct that begins at `start`, and where it ends. */
export const readStruct = (bytes: Uint8Array, start = 0): { struct: Struct; end: number } => {
  const reader = new Reader(bytes, start)
  return { struct: reader.struct(0), end: reader.at }
}

class Reader {
  at: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  struct(depth: number): Struct {
    if (depth > DEEPEST) throw new Error('structs nest too deeply')
    const fields = new Map<number, Value>()
    for (let id = 0; ;) {
      const header = this.#byte()
      const type = header & 0x0f
      if (type === STOP) return fields
      id = header >> 4 === 0 ? this.#zigzag() : id + (header >> 4)
      fields.set(id, this.#value(type, depth))
    }
  }

  #value(type: number, depth: number): Value {
    switch (type) {
      case TRUE:
      case FALSE:
        return type === TRUE
      case BYTE:
        return this.#byte()
      case 4:
      case 5:
      case 6:
        return this.#zigzag()
      case DOUBLE: {
        this.#skip(8)
        return NaN
      }
      case BINARY:
        return this.#skip(this.#varint())
      case LIST:
        return this.#list(depth)
      case STRUCT:
        return this.struct(depth + 1)
      default:
        throw new Error(`a value of type ${type}`)
    }
  }

  #list(depth: number): readonly Value[] {
    const header = this.#byte()
    const count = header >> 4 === 15 ? this.#varint() : header >> 4
    const type = header & 0x0f
    // Every item takes a byte at least, so no count can promise more than there is.
    if (count > this.#bytes.byteLength - this.at) throw new Error(`a list claims ${count} items`)
    if (depth > DEEPEST) throw new Error('lists nest too deeply')
    const items: Value[] = []
    for (let i = 0; i < count; i++)
      items.push(
        type === TRUE || type === FALSE ? this.#byte() === TRUE : this.#value(type, depth + 1),
      )
    return items
  }

  #byte(): number {
    if (this.at >= this.#bytes.byteLength) throw new Error('it is cut short')
    return this.#bytes[this.at++]!
  }

  #skip(count: number): Uint8Array {
    const end = this.at + count
    if (end > this.#bytes.byteLength) throw new Error('it is cut short')
    const skipped = this.#bytes.subarray(this.at, end)
    this.at = end
    return skipped
  }

  /** 64 bits take ten bytes. */
  #varint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
    throw new Error('a number of more than 64 bits')
  }

  #zigzag(): number {
    const value = this.#varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}
