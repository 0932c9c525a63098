import type { Sink } from '../../stream/sink.js'
import type { StreamSchema } from '../../stream/types.js'
import type { TableWriter } from '../table.js'
import { gatheredWriter } from './gathered.js'
import { metadataOf } from './meta.js'
import type { PartType } from './parts.js'
import type { Spooled } from './spooled.js'
import type { SpooledPart } from './spooled-part.js'

const DTYPES: Record<Exclude<PartType, 'text'>, string> = {
  int8: 'I8',
  uint8: 'U8',
  int16: 'I16',
  uint16: 'U16',
  int32: 'I32',
  uint32: 'U32',
  int64: 'I64',
  uint64: 'U64',
  float16: 'F16',
  float32: 'F32',
  float64: 'F64',
  boolean: 'BOOL',
}

/** A tensor that is ready to be written. */
interface Ready {
  name: string
  dtype: string
  shape: number[]
  bytes: Spooled
  /** A 0 in front of what is spooled, as int64. */
  zero?: boolean
}

/** Every column as tensors; texts are their bytes (NAME) and where each ends (NAME.offsets). */
export const safetensorsWriter = (sink: Sink, schema: StreamSchema): Promise<TableWriter> =>
  gatheredWriter(sink, schema, 'safetensors', async parts => {
    const tensors = parts.flatMap(tensorsOf)
    // Wide numbers first, as the reference implementation has it: then all are aligned.
    tensors.sort((a, b) => widthOf(b) - widthOf(a))
    await sink.write(safetensorsHeader(tensors, await metadataOf(schema)))
    for (const { bytes, zero } of tensors) {
      if (zero) await sink.write(new Uint8Array(8))
      for await (const chunk of bytes.chunks()) await sink.write(chunk)
    }
  })

const tensorsOf = (spooled: SpooledPart): Ready[] => {
  const { part, shape, bytes, ends, slots } = spooled
  if (part.type !== 'text') return [{ name: part.name, dtype: DTYPES[part.type], shape, bytes }]
  return [
    { name: part.name, dtype: 'U8', shape: [bytes.length], bytes },
    { name: `${part.name}.offsets`, dtype: 'I64', shape: [slots + 1], bytes: ends!, zero: true },
  ]
}

const widthOf = ({ dtype }: Ready): number => Number(/\d+$/.exec(dtype)?.[0] ?? 8)

/** Tensors lie one after the other, in the order given. */
export const safetensorsHeader = (
  tensors: readonly {
    name: string
    dtype: string
    shape: readonly number[]
    bytes: { length: number }
    zero?: boolean
  }[],
  metadata: Record<string, string>,
): Uint8Array => {
  const header: Record<string, unknown> = Object.create(null)
  header['__metadata__'] = metadata
  let end = 0
  for (const { name, dtype, shape, bytes, zero } of tensors) {
    const start = end
    end += bytes.length + (zero ? 8 : 0)
    header[name] = { dtype, shape, data_offsets: [start, end] }
  }
  const text = Buffer.from(JSON.stringify(header))
  const padded = (text.byteLength + 7) & ~7
  const bytes = Buffer.alloc(8 + padded, ' ')
  bytes.writeBigUInt64LE(BigInt(padded))
  text.copy(bytes, 8)
  return bytes
}
