import { inflateSync } from 'node:zlib'
import { badData } from '../error.js'
import type { ByteRange } from './byte-range.js'
import type { NumberType } from './numbers.js'

/**
 * The data elements of a MATLAB level 5 file: a tag (type and length), data, padding to 8 bytes
 * ("MAT-File Format", The MathWorks, chapter 1).
 */

export const MI = { utf8: 16, utf16: 17, matrix: 14, compressed: 15 } as const

/** Storage types that hold numbers, by their number. */
export const STORED: Record<number, NumberType> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'float32',
  9: 'float64',
  12: 'int64',
  13: 'uint64',
}

export interface Element {
  type: number
  data: Buffer
}

/** Where in the file a top-level element lies. */
export interface TopElement {
  type: number
  range: ByteRange
}

/** Walks the elements inside a matrix; every length is held against the bytes that are there. */
export class ElementReader {
  private at = 0

  constructor(
    private readonly bytes: Buffer,
    readonly bigEndian: boolean,
    readonly name: string,
  ) {}

  get done(): boolean {
    return this.at >= this.bytes.length
  }

  get remaining(): number {
    return this.bytes.length - this.at
  }

  next(what: string): Element {
    if (this.remaining < 8) throw badData(`${this.name}: cut short where ${what} is expected`)
    const first = this.uint32(this.at)
    const small = first >>> 16
    if (small !== 0) {
      if (small > 4) throw badData(`${this.name}: damaged: ${what} of ${small} bytes in 4`)
      const data = this.bytes.subarray(this.at + 4, this.at + 4 + small)
      this.at += 8
      return { type: first & 0xffff, data }
    }
    const length = this.uint32(this.at + 4)
    const start = this.at + 8
    if (length > this.bytes.length - start) {
      throw badData(
        `${this.name}: ${what} claims ${length} bytes, ${this.bytes.length - start} are left`,
      )
    }
    this.at = start + length + ((8 - (length % 8)) % 8)
    return { type: first, data: this.bytes.subarray(start, start + length) }
  }

  private uint32(at: number): number {
    return this.bigEndian ? this.bytes.readUInt32BE(at) : this.bytes.readUInt32LE(at)
  }
}

/** The top-level elements, without reading their data. Bytes behind the last one are a cut. */
export async function topElements(range: ByteRange, bigEndian: boolean): Promise<TopElement[]> {
  const elements: TopElement[] = []
  let at = 128
  while (at < range.length) {
    const tag = await range.read(at, 8)
    const type = bigEndian ? tag.readUInt32BE(0) : tag.readUInt32LE(0)
    const length = bigEndian ? tag.readUInt32BE(4) : tag.readUInt32LE(4)
    if (type !== MI.matrix && type !== MI.compressed) {
      throw badData(`${range.name}: damaged: element of type ${type} at byte ${at}`)
    }
    elements.push({ type, range: range.slice(at + 8, length) })
    at += 8 + length
  }
  return elements
}

/** Deflate cannot do better than 1032 to 1, so a larger claim is a lie. */
const MOST_DEFLATE = 1032

/** The bytes of a matrix element without its tag, unpacked where it is compressed. */
export async function matrixBytes(element: TopElement, bigEndian: boolean): Promise<Buffer> {
  const { range, type } = element
  const bytes = await range.read(0, range.length)
  if (type === MI.matrix) return bytes
  const tag = unpackStart(bytes, 8, range.name)
  const inner = bigEndian ? tag.readUInt32BE(0) : tag.readUInt32LE(0)
  const length = bigEndian ? tag.readUInt32BE(4) : tag.readUInt32LE(4)
  if (inner !== MI.matrix || length > bytes.length * MOST_DEFLATE) {
    throw badData(`${range.name}: damaged: ${bytes.length} packed bytes claim to hold ${length}`)
  }
  const whole = unpack(bytes, length + 16, range.name)
  if (whole.length < length + 8) {
    throw badData(`${range.name}: ${length} bytes expected, ${whole.length - 8} unpacked`)
  }
  return whole.subarray(8, length + 8)
}

/** The first bytes of a matrix element: flags, shape, name; enough to know whether to read on. */
export async function matrixStart(element: TopElement): Promise<Buffer> {
  const { range, type } = element
  const bytes = await range.read(0, Math.min(range.length, 4096))
  return type === MI.matrix ? bytes : unpackStart(bytes, 8, range.name).subarray(8)
}

const unpack = (bytes: Buffer, most: number, name: string): Buffer => {
  try {
    return inflateSync(bytes, { maxOutputLength: most })
  } catch (error) {
    throw badData(`${name}: a compressed variable cannot be unpacked`, undefined, error)
  }
}

/** Unpacks what the first few kilobytes hold: at most some megabytes, whatever the whole claims. */
const unpackStart = (bytes: Buffer, least: number, name: string): Buffer => {
  try {
    const start = inflateSync(bytes.subarray(0, 4096), { finishFlush: 2 })
    if (start.length >= least) return start
  } catch (error) {
    throw badData(`${name}: a compressed variable cannot be unpacked`, undefined, error)
  }
  throw badData(`${name}: a compressed variable is cut short`)
}
