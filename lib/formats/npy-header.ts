import { badData } from '../error.js'
import type { NumberType } from './numbers.js'

export interface NpyHeader {
  /** As written: `<f4`. */
  descr: string
  type: NumberType | 'text'
  /** Bytes per string, for text. */
  width: number
  unicode: boolean
  bigEndian: boolean
  fortran: boolean
  shape: number[]
}

/**
 * The header of a `.npy` file: a Python dict literal with exactly the keys `descr`,
 * `fortran_order` and `shape`. Nothing is evaluated; anything else is refused.
 */
export function parseNpyHeader(text: string, name: string): NpyHeader {
  const fields = parseDict(text, name)
  const { descr, fortran_order: fortran, shape } = fields
  if (typeof descr !== 'string' || typeof fortran !== 'boolean' || !Array.isArray(shape)) {
    throw badData(`${name}: header lacks descr, fortran_order or shape: ${excerpt(text)}`)
  }
  if (shape.length > 32) {
    throw badData(`${name}: ${shape.length} dimensions, expected at most 32`)
  }
  const count = shape.reduce((product, length) => product * length, 1)
  if (!Number.isSafeInteger(count)) {
    throw badData(`${name}: shape (${shape.join(', ')}) is too large for any file`)
  }
  return { descr, fortran, shape, ...parseDescr(descr, name) }
}

const NUMBER_TYPES: Record<string, NumberType> = {
  b1: 'uint8',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
}

function parseDescr(
  descr: string,
  name: string,
): Pick<NpyHeader, 'type' | 'width' | 'unicode' | 'bigEndian'> {
  const match = /^([<>|=])([a-zA-Z])(\d{1,9})$/.exec(descr)
  const [, order, letter, size] = match ?? []
  const bigEndian = order === '>'
  if (letter === 'U' || letter === 'S') {
    const width = Number(size) * (letter === 'U' ? 4 : 1)
    return { type: 'text', width, unicode: letter === 'U', bigEndian }
  }
  const type = NUMBER_TYPES[`${letter}${size}`]
  if (type) return { type, width: 0, unicode: false, bigEndian }
  const hint = /O/.test(descr)
    ? 'an object array is a Python pickle, which is never opened: save numbers'
    : 'convert it first: array.astype("float32")'
  throw badData(`${name}: values of type '${descr}', expected integers, floats or strings`, hint)
}

type Value = string | boolean | number[]

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }` */
function parseDict(text: string, name: string): Record<string, Value | undefined> {
  const fields: Record<string, Value | undefined> = Object.create(null)
  let rest = text.trim()
  const take = (pattern: RegExp): string | undefined => {
    const match = pattern.exec(rest)
    if (!match) return undefined
    rest = rest.slice(match[0].length)
    return match[1] ?? match[0]
  }
  const fail = () => badData(`${name}: header is not the dict that NumPy writes: ${excerpt(text)}`)
  if (!take(/^\{\s*/)) throw fail()
  while (!take(/^\}$/)) {
    const key = take(/^'(descr|fortran_order|shape)'\s*:\s*/)
    if (key === undefined || fields[key] !== undefined) throw fail()
    const truth = take(/^(True|False)/)
    const quoted = truth ?? take(/^'([^'\\]*)'/)
    const tuple = quoted ?? take(/^\((\s*(?:\d+L?\s*,\s*)*(?:\d+L?\s*)?)\)/)
    if (tuple === undefined) {
      if (/^\[/.test(rest)) {
        throw badData(`${name}: a structured array (${excerpt(rest)}), expected plain numbers`)
      }
      throw fail()
    }
    if (truth !== undefined) fields[key] = truth === 'True'
    else if (quoted !== undefined) fields[key] = quoted
    else fields[key] = (tuple.match(/\d+/g) ?? []).map(Number)
    if (!take(/^\s*,\s*/) && !/^\s*\}$/.test(rest)) throw fail()
    rest = rest.trimStart()
  }
  return fields
}

const excerpt = (text: string): string => JSON.stringify(text.trim().slice(0, 60))
