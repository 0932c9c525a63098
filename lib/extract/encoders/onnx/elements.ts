import { decodeHalves, encodeHalves } from '../../../stream/float16.js'

const INTEGERS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
}
type IntegerType = keyof typeof INTEGERS

/** What a network may want its numbers to be, as onnxruntime names it. */
export type ElementType = 'float16' | 'float32' | 'float64' | IntegerType

export const isInteger = (type: string): type is IntegerType => Object.hasOwn(INTEGERS, type)

export const isElementType = (type: string): type is ElementType =>
  /^float(16|32|64)$/.test(type) || isInteger(type)

/** Numbers as elements of a type: whole ones are the nearest there are, halves their 16 bits. */
export function elementsOf(values: Float32Array, type: ElementType) {
  if (type === 'float32') return values
  if (type === 'float16') return encodeHalves(values)
  if (type === 'float64') return Float64Array.from(values)
  const elements = new INTEGERS[type](values.length)
  const bits = 8 * elements.BYTES_PER_ELEMENT
  const signed = type.startsWith('int')
  const most = 2 ** (signed ? bits - 1 : bits) - 1
  const least = signed ? -most - 1 : 0
  for (let at = 0; at < values.length; at++)
    elements[at] = Math.min(most, Math.max(least, Math.round(values[at]!)))
  return elements
}

/** Elements as float32; undefined where they are no numbers. */
export function numbersOf(type: string, data: ArrayLike<unknown>): Float32Array | undefined {
  if (data instanceof Float32Array) return data
  if (type === 'string') return undefined
  if (type === 'float16' && data instanceof Uint16Array) return decodeHalves(data)
  return Float32Array.from(data as ArrayLike<number>, Number)
}
