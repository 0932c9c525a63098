import { bytesForBits } from './bits.js'
import { bytesOf, type Cells } from './cells.js'
import type { BodyHeader } from './messages.js'

/** A record batch ready to be written: what its header says, and its body in pieces. */
export interface Body {
  header: BodyHeader
  pieces: Uint8Array[]
  bodyLength: number
}

/** Lays out columns one after another as Arrow wants them; nothing is copied. */
export const assemble = (length: number, columns: readonly Cells[]): Body => {
  const nodes: { length: number; nullCount: number }[] = []
  const regions: { offset: number; length: number }[] = []
  const pieces: Uint8Array[] = []
  let bodyLength = 0

  const add = (bytes: Uint8Array) => {
    regions.push({ offset: bodyLength, length: bytes.byteLength })
    const padding = -bytes.byteLength & 7
    if (bytes.byteLength > 0) pieces.push(bytes)
    if (padding > 0) pieces.push(ZEROS.subarray(0, padding))
    bodyLength += bytes.byteLength + padding
  }

  const visit = (column: Cells) => {
    const { form, length, nulls, validity, offsets, data, children } = column
    nodes.push({ length, nullCount: nulls })
    if (form.kind === 'null') return
    add(validity ? validity.subarray(0, bytesForBits(length)) : NOTHING)
    if (form.kind === 'bytes' || form.kind === 'list') add(bytesOf(offsets))
    if (form.kind === 'bytes' || form.kind === 'fixed' || form.kind === 'bits') add(data)
    children.forEach(visit)
  }

  columns.forEach(visit)
  return { header: { length, nodes, regions }, pieces, bodyLength }
}

const NOTHING = new Uint8Array(0)
const ZEROS = new Uint8Array(8)
