/** How numbers lie in memory, little-endian. */
export const NUMBER_FORMATS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
} as const

export type NumberFormat = keyof typeof NUMBER_FORMATS

type View<F extends NumberFormat> = InstanceType<(typeof NUMBER_FORMATS)[F]>

/** Bytes seen as numbers: a view where they are aligned, else of a copy. */
export const viewAs = <F extends NumberFormat>(format: F, bytes: Uint8Array): View<F> => {
  const array = NUMBER_FORMATS[format]
  const own = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice()
  const count = own.byteLength / array.BYTES_PER_ELEMENT
  return new array(own.buffer as ArrayBuffer, own.byteOffset, count) as View<F>
}
