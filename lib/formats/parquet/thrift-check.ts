/**
 * Checks that a struct in Thrift's compact protocol is sound before a decoder believes its counts:
 * every number, text and list inside the buffer, nesting bounded. Where it is not, a plain Error.
 */

const DEEPEST = 32

/** Where the struct that begins at `start` ends. */
export const endOfStruct = (bytes: Uint8Array, start: number, depth = 0): number => {
  if (depth > DEEPEST) throw new Error('structs nest too deeply')
  for (let at = start; ;) {
    const header = byteAt(bytes, at++)
    const type = header & 0x0f
    if (type === STOP) return at
    if (header >> 4 === 0) at = endOfVarint(bytes, at)
    at = endOfValue(bytes, at, type, depth)
  }
}

const STOP = 0
const TRUE = 1
const FALSE = 2
const BYTE = 3
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const STRUCT = 12

const endOfValue = (bytes: Uint8Array, at: number, type: number, depth: number): number => {
  switch (type) {
    case TRUE:
    case FALSE:
      return at
    case BYTE:
      return skip(bytes, at, 1)
    case 4:
    case 5:
    case 6:
      return endOfVarint(bytes, at)
    case DOUBLE:
      return skip(bytes, at, 8)
    case BINARY: {
      const end = endOfVarint(bytes, at)
      return skip(bytes, end, varint(bytes, at, end))
    }
    case LIST:
      return endOfList(bytes, at, depth)
    case STRUCT:
      return endOfStruct(bytes, at, depth + 1)
    default:
      throw new Error(`a value of type ${type}`)
  }
}

const endOfList = (bytes: Uint8Array, start: number, depth: number): number => {
  const header = byteAt(bytes, start)
  let at = start + 1
  let count = header >> 4
  if (count === 15) {
    const end = endOfVarint(bytes, at)
    count = varint(bytes, at, end)
    at = end
  }
  const type = header & 0x0f
  // Every item takes a byte at least, so no count can promise more than there is.
  if (count > bytes.byteLength - at) throw new Error(`a list claims ${count} items`)
  for (let i = 0; i < count; i++)
    at =
      type === TRUE || type === FALSE ? skip(bytes, at, 1) : endOfValue(bytes, at, type, depth + 1)
  return at
}

const byteAt = (bytes: Uint8Array, at: number): number => {
  if (at >= bytes.byteLength) throw new Error('it is cut short')
  return bytes[at]!
}

const skip = (bytes: Uint8Array, at: number, count: number): number => {
  if (at + count > bytes.byteLength) throw new Error('it is cut short')
  return at + count
}

/** 64 bits take ten bytes. */
const endOfVarint = (bytes: Uint8Array, start: number): number => {
  for (let at = start; at < start + 10; at++) if (byteAt(bytes, at) < 0x80) return at + 1
  throw new Error('a number of more than 64 bits')
}

const varint = (bytes: Uint8Array, start: number, end: number): number => {
  let value = 0
  for (let at = end - 1; at >= start; at--) value = value * 128 + (bytes[at]! & 0x7f)
  return value
}
