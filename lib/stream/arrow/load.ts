import { isUtf8 } from 'node:buffer'
import { badData } from '../../error.js'
import { bit, bytesForBits, countBits } from './bits.js'
import { type Cells, cells, emptyCells } from './cells.js'
import { decodeDictionary, type Dictionaries, type Place } from './dictionary.js'
import { gather } from './gather.js'
import type { BodyHeader } from './messages.js'
import { unpack } from './unpack.js'
import { decodeViews, VIEW_BYTES } from './views.js'
import { formOf, type Wire } from './wire.js'

/** One column after another is cut from a body; every claim of the header is checked on the way. */
export class Loader {
  readonly #body: Uint8Array
  readonly #header: BodyHeader
  readonly #dictionaries: Dictionaries
  readonly #firstRow: number
  #node = 0
  #region = 0
  #variadic = 0
  #depth = 0

  constructor(body: Uint8Array, header: BodyHeader, dictionaries: Dictionaries, firstRow: number) {
    this.#body = body
    this.#header = header
    this.#dictionaries = dictionaries
    this.#firstRow = firstRow
  }

  /** The next column, which must have `length` slots. Its buffers are views of the body. */
  column(wire: Wire, length: number): Cells {
    const { nulls, length: found } = this.#nextNode()
    if (found !== length) throw badData(`${found} values, expected ${length}`)
    this.#depth++
    const column = this.#load(wire, length, nulls)
    this.#depth--
    return column
  }

  /** Call after the last column: nothing may be left over. */
  end(): void {
    const { nodes, regions } = this.#header
    if (this.#node < nodes.length || this.#region < regions.length)
      throw badData('damaged: a batch has more columns than the schema')
  }

  #load(wire: Wire, length: number, nulls: number): Cells {
    if (wire.kind === 'null') return cells(wire, length, { nulls: length })
    const validity = this.#validity(length, nulls)
    const form = formOf(wire)
    switch (wire.kind) {
      case 'bits':
        return cells(form, length, { ...validity, data: this.#buffer(bytesForBits(length)) })
      case 'fixed':
        return cells(form, length, { ...validity, data: this.#buffer(length * wire.bytes) })
      case 'bytes': {
        const { offsets, first, last } = this.#offsets(length, wire.large)
        const data = this.#buffer(last).subarray(first)
        if (wire.utf8) checkText(data, offsets, this.#place)
        return cells(form, length, { ...validity, offsets, data })
      }
      case 'view': {
        const isPresent = (slot: number) => !validity.validity || bit(validity.validity, slot)
        const views = this.#buffer(length * VIEW_BYTES)
        const decoded = decodeViews(views, this.#variadicBuffers(), isPresent, this.#place)
        if (wire.utf8) checkText(decoded.data, decoded.offsets, this.#place)
        return cells(form, length, { ...validity, ...decoded })
      }
      case 'list': {
        const { offsets, first, last } = this.#offsets(length, wire.large)
        const child = this.#child(wire.child, last)
        const kept = cut(child, first, last - first)
        return cells(form, length, { ...validity, offsets, children: [kept] })
      }
      case 'fixed-list': {
        const values = length * wire.size
        // Some writers leave slots for nulls beyond the end.
        const children = [cut(this.#child(wire.child, values), 0, values)]
        return cells(form, length, { ...validity, children })
      }
      case 'struct': {
        const children = wire.children.map(child => this.column(child, length))
        return cells(form, length, { ...validity, children })
      }
      case 'dictionary': {
        const indices = this.#buffer(length * wire.bytes)
        const values = this.#dictionaries.get(wire.id) ?? emptyCells(formOf(wire.values))
        return decodeDictionary({ length, ...validity }, indices, wire, values, this.#place)
      }
    }
  }

  /** What is inside a list: as many slots as the list uses, or more. */
  #child(wire: Wire, atLeast: number): Cells {
    const { nulls, length } = this.#nextNode()
    if (length < atLeast) throw badData(`${length} values, expected at least ${atLeast}`)
    this.#depth++
    const child = this.#load(wire, length, nulls)
    this.#depth--
    return child
  }

  /** For messages: a slot of a column is a row of the stream, one inside a list is not. */
  readonly #place = (slot: number) =>
    this.#depth === 1 ? `row ${this.#firstRow + slot}` : `value ${slot}`

  #nextNode(): { length: number; nulls: number } {
    const node = this.#header.nodes[this.#node++]
    if (!node) throw badData('damaged: a batch has fewer columns than the schema')
    const { length, nullCount: nulls } = node
    if (!(length >= 0 && length <= LARGEST)) throw badData(`damaged: claims ${length} values`)
    if (!(nulls >= 0 && nulls <= length))
      throw badData(`damaged: claims ${nulls} nulls among ${length} values`)
    return { length, nulls }
  }

  #validity(length: number, nulls: number): Pick<Cells, 'nulls' | 'validity'> {
    const region = this.#nextRegion()
    if (region.byteLength === 0 && nulls === 0) return { nulls, validity: undefined }
    const validity = enough(region, bytesForBits(length))
    const counted = length - countBits(validity, length)
    if (counted !== nulls) throw badData(`damaged: claims ${nulls} nulls but marks ${counted}`)
    return { nulls, validity: nulls === 0 ? undefined : validity }
  }

  #offsets(length: number, large: boolean) {
    const region = this.#nextRegion()
    // Without slots the offsets may be left out.
    if (length === 0) return { offsets: new Int32Array(1), first: 0, last: 0 }
    const raw = enough(region, (length + 1) * (large ? 8 : 4))
    return checkOffsets(large ? narrow(raw) : aligned(raw))
  }

  #buffer(bytes: number): Uint8Array {
    return enough(this.#nextRegion(), bytes)
  }

  #variadicBuffers(): Uint8Array[] {
    const count = this.#header.variadic?.[this.#variadic++] ?? 0
    if (!(count >= 0 && count <= this.#header.regions.length))
      throw badData(`damaged: claims ${count} buffers for one column`)
    return Array.from({ length: count }, () => this.#nextRegion())
  }

  #nextRegion(): Uint8Array {
    const { regions, compression } = this.#header
    const region = regions[this.#region++]
    if (!region) throw badData('damaged: a batch has fewer buffers than the schema needs')
    const { offset, length } = region
    if (!(offset >= 0 && length >= 0 && offset + length <= this.#body.byteLength))
      throw badData(`damaged: a buffer lies outside of its message`)
    const bytes = this.#body.subarray(offset, offset + length)
    return compression ? unpack(bytes, compression) : bytes
  }
}

const LARGEST = 0x7fffffff

const enough = (region: Uint8Array, bytes: number): Uint8Array => {
  if (region.byteLength < bytes)
    throw badData(`damaged: a buffer has ${region.byteLength} bytes where ${bytes} are needed`)
  return region.subarray(0, bytes)
}

const aligned = (bytes: Uint8Array): Int32Array => {
  const own = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  return new Int32Array(own.buffer, own.byteOffset, own.byteLength / 4)
}

const narrow = (bytes: Uint8Array): Int32Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int32Array.from({ length: bytes.byteLength / 8 }, (_, i) => {
    const offset = view.getBigInt64(i * 8, true)
    if (offset < 0n || offset > BigInt(LARGEST)) throw badData(`damaged: an offset of ${offset}`)
    return Number(offset)
  })
}

/** Offsets that begin at 0 and never fall, and the part of the inside that they use. */
const checkOffsets = (raw: Int32Array) => {
  const first = raw[0]!
  if (first < 0) throw badData(`damaged: an offset of ${first}`)
  for (let i = 1; i < raw.length; i++)
    if (raw[i]! < raw[i - 1]!)
      throw badData(`damaged: offsets fall from ${raw[i - 1]} to ${raw[i]}`)
  const offsets = first === 0 ? raw : raw.map(offset => offset - first)
  return { offsets, first, last: raw.at(-1)! }
}

const cut = (child: Cells, start: number, count: number): Cells =>
  start === 0 && count === child.length ? child : gather(child, [{ start, count }])

/** Sound as a whole and cut between characters only, so sound in every slot. */
export const checkText = (data: Uint8Array, offsets: Int32Array, place: Place): void => {
  let sound = isUtf8(data)
  for (let i = 0; sound && i < offsets.length - 1; i++) {
    const start = offsets[i]!
    if (start < data.byteLength && (data[start]! & 0xc0) === 0x80) sound = false
  }
  if (!sound) throw badData(`${place(firstBad(data, offsets))}: not UTF-8`)
}

const firstBad = (data: Uint8Array, offsets: Int32Array): number => {
  let slot = 0
  while (isUtf8(data.subarray(offsets[slot]!, offsets[slot + 1]!))) slot++
  return slot
}
