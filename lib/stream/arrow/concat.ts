import { badData } from '../../error.js'
import { bit, bytesForBits, setBit } from './bits.js'
import { cells, type Cells, type Form } from './cells.js'

/** Columns of one form end to end, as a column of its own. */
export const concat = (form: Form, parts: readonly Cells[]): Cells => {
  const [first] = parts
  if (parts.length === 1) return first!
  const length = sum(parts, part => part.length)
  const validity = concatValidity(parts, length)
  switch (form.kind) {
    case 'null':
      return cells(form, length, { nulls: length })
    case 'bits':
      return cells(form, length, { ...validity, data: concatBits(parts, length) })
    case 'fixed':
      return cells(form, length, { ...validity, data: concatBytes(parts) })
    case 'bytes':
      return cells(form, length, {
        ...validity,
        offsets: concatOffsets(parts, length),
        data: concatBytes(parts),
      })
    case 'list':
      return cells(form, length, {
        ...validity,
        offsets: concatOffsets(parts, length),
        children: [concat(form.child, child(parts, 0))],
      })
    case 'fixed-list':
      return cells(form, length, { ...validity, children: [concat(form.child, child(parts, 0))] })
    case 'struct': {
      const children = form.children.map((inner, at) => concat(inner, child(parts, at)))
      return cells(form, length, { ...validity, children })
    }
  }
}

const child = (parts: readonly Cells[], at: number): Cells[] =>
  parts.map(({ children }) => children[at]!)

const sum = (parts: readonly Cells[], size: (part: Cells) => number): number =>
  parts.reduce((total, part) => total + size(part), 0)

const concatValidity = (
  parts: readonly Cells[],
  length: number,
): Pick<Cells, 'nulls' | 'validity'> => {
  const nulls = sum(parts, part => part.nulls)
  if (nulls === 0) return { nulls, validity: undefined }
  const validity = new Uint8Array(bytesForBits(length))
  let to = 0
  for (const part of parts)
    for (let at = 0; at < part.length; at++, to++)
      if (!part.validity || bit(part.validity, at)) setBit(validity, to)
  return { nulls, validity }
}

const concatBits = (parts: readonly Cells[], length: number): Uint8Array => {
  const data = new Uint8Array(bytesForBits(length))
  let to = 0
  for (const part of parts)
    for (let at = 0; at < part.length; at++, to++) if (bit(part.data, at)) setBit(data, to)
  return data
}

const concatBytes = (parts: readonly Cells[]): Uint8Array => {
  const data = new Uint8Array(sum(parts, part => part.data.byteLength))
  let to = 0
  for (const part of parts) {
    data.set(part.data, to)
    to += part.data.byteLength
  }
  return data
}

const concatOffsets = (parts: readonly Cells[], length: number): Int32Array => {
  const offsets = new Int32Array(length + 1)
  let slot = 0
  let end = 0
  for (const part of parts) {
    for (let at = 1; at <= part.length; at++) offsets[slot + at] = end + part.offsets[at]!
    slot += part.length
    end += part.offsets[part.length]!
    if (end > LARGEST) throw badData('more than 2 GiB in one column of one batch', HINT)
  }
  return offsets
}

const LARGEST = 0x7fffffff
const HINT = 'write smaller batches'
