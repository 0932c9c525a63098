import { crc32 } from 'node:zlib'
import { bit, unpackBits } from './arrow/bits.js'
import { bytesOf, type Cells, type Form } from './arrow/cells.js'

/**
 * A CRC-32 over the content of a column, the same however its rows are cut into batches.
 *
 * Every node of the column (the column itself, then what is inside lists and structs, depth first)
 * keeps three running CRCs and a count, because batches would interleave them otherwise:
 *
 * - nulls: the number of each null slot, counted from the start of the stream, 8 bytes;
 * - lengths: the length of each slot, 4 bytes (texts, bytes and lists);
 * - values: the bytes of the values (texts, bytes, fixed width), one byte a slot for booleans;
 * - slots: how many there were.
 *
 * The digest is the CRC-32 of slots (8 bytes), nulls, lengths, values (4 bytes each) of every node
 * in turn. All numbers are little-endian.
 */
export class ColumnDigest {
  readonly #kind: Form['kind']
  readonly #children: ColumnDigest[]
  #slots = 0
  #nulls = 0
  #lengths = 0
  #values = 0

  constructor(form: Form) {
    this.#kind = form.kind
    this.#children = childForms(form).map(child => new ColumnDigest(child))
  }

  update(column: Cells): void {
    const { length, validity, offsets, data, children } = column
    // zlib starts anew when it is given no bytes, so it never is.
    if (length === 0) return
    if (validity) this.#nulls = crc32(nullSlots(column, this.#slots), this.#nulls)
    if (this.#kind === 'bytes' || this.#kind === 'list')
      this.#lengths = crc32(bytesOf(lengths(offsets)), this.#lengths)
    if (this.#kind === 'bits') this.#values = crc32(unpackBits(data, length), this.#values)
    else if (data.byteLength > 0) this.#values = crc32(data, this.#values)
    this.#slots += length
    children.forEach((child, i) => this.#children[i]!.update(child))
  }

  /** Eight hexadecimal digits. */
  value(): string {
    return hex(this.#join(0))
  }

  #join(before: number): number {
    const words = new DataView(new ArrayBuffer(20))
    words.setBigUint64(0, BigInt(this.#slots), true)
    words.setUint32(8, this.#nulls, true)
    words.setUint32(12, this.#lengths, true)
    words.setUint32(16, this.#values, true)
    return this.#children.reduce((crc, child) => child.#join(crc), crc32(words, before))
  }
}

export const hex = (crc: number): string => crc.toString(16).padStart(8, '0')

const childForms = (form: Form): Form[] => {
  if (form.kind === 'list' || form.kind === 'fixed-list') return [form.child]
  return form.kind === 'struct' ? form.children : []
}

const nullSlots = ({ length, nulls, validity }: Cells, before: number): Uint8Array => {
  const slots = new BigUint64Array(nulls)
  let at = 0
  for (let i = 0; i < length; i++) if (!bit(validity!, i)) slots[at++] = BigInt(before + i)
  return bytesOf(slots)
}

const lengths = (offsets: Int32Array): Int32Array => {
  const out = new Int32Array(offsets.length - 1)
  for (let i = 0; i < out.length; i++) out[i] = offsets[i + 1]! - offsets[i]!
  return out
}
