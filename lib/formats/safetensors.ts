import { badData } from '../error.js'
import { noSuchArray, severalArrays, shapeText, type FileArray, type Listed } from './array.js'
import type { ByteRange } from './byte-range.js'
import { byteSize, type NumberType } from './numbers.js'
import { rawArray } from './raw-array.js'

/** One tensor of a file: where its bytes lie, little-endian, in C order. */
export interface Tensor {
  name: string
  /** As written: `F32`. */
  dtype: string
  shape: number[]
  start: number
  length: number
}

export interface Safetensors {
  /** In the order in which they lie in the file. */
  tensors: Tensor[]
  metadata: Map<string, string>
}

/** As in the reference implementation. */
const LONGEST_HEADER = 100_000_000

/**
 * The header of a safetensors file: a length (u64), a JSON object that says of every tensor dtype,
 * shape and the bytes it takes, then the bytes. As the format demands, they must follow one another
 * without gaps or overlaps to the end of the file, and fit dtype and shape.
 */
export async function readSafetensors(range: ByteRange): Promise<Safetensors> {
  const { name } = range
  if (range.length < 8) throw badData(`${name}: not a safetensors file: ${range.length} bytes`)
  const length = (await range.read(0, 8)).readBigUInt64LE()
  if (length > BigInt(Math.min(range.length - 8, LONGEST_HEADER)))
    throw badData(`${name}: not a safetensors file, or cut short: a header of ${length} bytes`)
  const header = parseHeader(await range.read(8, Number(length)), name)
  const { __metadata__: metadata, ...entries } = header
  const dataStart = 8 + Number(length)
  const tensors = Object.entries(entries)
    .map(([tensor, entry]) => parseTensor(tensor, entry, name))
    .sort((a, b) => a.start - b.start || a.length - b.length)
  let end = 0
  for (const tensor of tensors) {
    if (tensor.start !== end)
      throw badData(
        `${name}: tensor '${tensor.name}' begins at ${tensor.start}, expected ${end}: tensors may neither overlap nor leave gaps`,
      )
    end += tensor.length
    tensor.start += dataStart
  }
  if (dataStart + end !== range.length)
    throw badData(`${name}: tensors of ${end} bytes, the file holds ${range.length - dataStart}`)
  return { tensors, metadata: parseMetadata(metadata, name) }
}

/** One tensor as items x features. */
export async function openSafetensors(
  range: ByteRange,
  selector: string | undefined,
  transpose: boolean,
): Promise<FileArray> {
  const { tensors } = await readSafetensors(range)
  const wanted =
    selector === undefined
      ? tensors.length === 1 && tensors[0]
      : tensors.find(({ name }) => name === selector)
  if (!wanted) {
    const listed = tensors.map(({ name, shape, dtype }): Listed => ({
      selector: name,
      describe: `${shapeText(shape)} ${dtype}`,
    }))
    throw selector === undefined
      ? severalArrays(range.name, listed)
      : noSuchArray(range.name, selector, listed)
  }
  const name = `${range.name}::${wanted.name}`
  const type = TYPES[wanted.dtype]
  if (!type) throw badData(`${name}: values of type ${wanted.dtype}, expected integers or floats`)
  const data = range.slice(wanted.start, wanted.length, name)
  return rawArray(data, { type, bigEndian: false, fortran: false, shape: wanted.shape }, transpose)
}

const TYPES: Record<string, NumberType> = {
  BOOL: 'uint8',
  I8: 'int8',
  U8: 'uint8',
  I16: 'int16',
  U16: 'uint16',
  I32: 'int32',
  U32: 'uint32',
  I64: 'int64',
  U64: 'uint64',
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
}

/** Bits a value, for the types whose bytes can be checked but not read. */
const OTHER_BITS: Record<string, number> = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  C64: 64,
}

const parseHeader = (bytes: Buffer, name: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (isObject(value)) return value
  } catch {
    // Said below.
  }
  throw badData(`${name}: not a safetensors file: its header is no JSON object`)
}

const parseTensor = (tensor: string, entry: unknown, name: string): Tensor => {
  const where = `${name}: tensor '${tensor}'`
  if (!isObject(entry)) throw badData(`${where}: its description is no object`)
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
    throw badData(`${where}: expected dtype, shape and data_offsets`)
  const bits = TYPES[dtype] ? 8 * byteSize[TYPES[dtype]] : OTHER_BITS[dtype]
  if (bits === undefined) throw badData(`${where}: unknown dtype '${dtype.slice(0, 20)}'`)
  const [start, end] = offsets as [number, number]
  const bytes = (shape.reduce((product, side) => product * side, 1) * bits) / 8
  if (end - start !== bytes)
    throw badData(`${where}: ${shapeText(shape)} ${dtype} needs ${bytes} bytes, not ${end - start}`)
  return { name: tensor, dtype, shape, start, length: bytes }
}

const parseMetadata = (metadata: unknown, name: string): Map<string, string> => {
  if (metadata === undefined) return new Map()
  if (isObject(metadata) && Object.values(metadata).every(value => typeof value === 'string'))
    return new Map(Object.entries(metadata as Record<string, string>))
  throw badData(`${name}: __metadata__ is not an object of texts`)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(count => Number.isSafeInteger(count) && count >= 0)
