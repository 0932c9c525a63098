import type { ByteRange } from '../../formats/byte-range.js'
import { readSafetensors, type Tensor } from '../../formats/safetensors.js'
import type { PartType } from './parts.js'
import type { StoredArray, StoredArrays } from './stored.js'

const TYPES: Record<string, [type: PartType, bytes: number]> = {
  BOOL: ['boolean', 1],
  I8: ['int8', 1],
  U8: ['uint8', 1],
  I16: ['int16', 2],
  U16: ['uint16', 2],
  I32: ['int32', 4],
  U32: ['uint32', 4],
  I64: ['int64', 8],
  U64: ['uint64', 8],
  F16: ['float16', 2],
  F32: ['float32', 4],
  F64: ['float64', 8],
}

/** The tensors of a safetensors file as they lie. */
export const storedSafetensors = async (range: ByteRange): Promise<StoredArrays> => {
  const { tensors, metadata } = await readSafetensors(range)
  const arrays = new Map<string, StoredArray>()
  for (const tensor of tensors) {
    const stored = storedTensor(range, tensor)
    if (stored) arrays.set(tensor.name, stored)
  }
  return { name: range.name, metadata, arrays, close: () => range.close() }
}

/** undefined for numbers that pcm never writes. */
const storedTensor = (range: ByteRange, tensor: Tensor): StoredArray | undefined => {
  const { name, dtype, shape, start } = tensor
  const known = TYPES[dtype]
  if (!known) return undefined
  const [type, bytes] = known
  const slot = bytes * shape.slice(1).reduce((product, side) => product * side, 1)
  return {
    name: `${range.name}::${name}`,
    type,
    shape,
    read: (first, count) => range.read(start + first * slot, count * slot),
  }
}
