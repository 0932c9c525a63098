import { MetadataVersion } from 'apache-arrow/enum'
import {
  type BodyCompression,
  BufferRegion,
  FieldNode,
  Message,
  RecordBatch as BatchHeader,
} from 'apache-arrow/ipc/metadata/message'
import { Schema } from 'apache-arrow/schema'
import { badData, PcmError } from '../../error.js'
import { verifyMessage } from './flatbuffer.js'
import type { Compression } from './unpack.js'

/** What the metadata of one message says; the body follows it in the stream. */
export type Decoded =
  | { kind: 'schema'; schema: Schema; bodyLength: number }
  | { kind: 'batch'; header: BodyHeader; metadata: Map<string, string>; bodyLength: number }
  | { kind: 'dictionary'; id: number; header: BodyHeader; bodyLength: number }

/** Slot counts and places of the buffers of a body, in depth-first order of the columns. */
export interface BodyHeader {
  length: number
  nodes: readonly { length: number; nullCount: number }[]
  regions: readonly { offset: number; length: number }[]
  /** How many buffers each view column has beside its views, in the same order. */
  variadic?: readonly number[]
  /** Each buffer is compressed on its own. */
  compression?: Compression
}

/** Decodes one message, or throws badData: damaged, compressed, or of a kind pcm has no use for. */
export const decodeMessage = (bytes: Uint8Array): Decoded => {
  try {
    verifyMessage(bytes)
    const message = Message.decode(bytes)
    const { bodyLength, version } = message
    if (version < MetadataVersion.V4) throw unsupported(`metadata version ${version + 1} is`)
    if (message.isSchema()) return { kind: 'schema', schema: message.header(), bodyLength }
    if (message.isRecordBatch()) {
      const metadata = texts(message.metadata)
      return { kind: 'batch', header: bodyHeader(message.header()), metadata, bodyLength }
    }
    if (message.isDictionaryBatch()) {
      const header = message.header()
      if (header.isDelta) throw unsupported('delta dictionaries are')
      return { kind: 'dictionary', id: header.id, header: bodyHeader(header.data), bodyLength }
    }
    throw new Error('a message has no header')
  } catch (error) {
    if (error instanceof PcmError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw badData(`the Arrow metadata is damaged (${reason})`, undefined, error)
  }
}

export const encodeSchema = (schema: Schema): Uint8Array =>
  frame(Message.encode(Message.from(schema)))

export const encodeBatch = (
  { length, nodes, regions }: BodyHeader,
  bodyLength: number,
  metadata?: Map<string, string>,
): Uint8Array => {
  const header = new BatchHeader(
    length,
    nodes.map(node => new FieldNode(node.length, node.nullCount)),
    regions.map(region => new BufferRegion(region.offset, region.length)),
    null,
    [],
    metadata,
  )
  return frame(Message.encode(Message.from(header, bodyLength)))
}

const texts = (metadata: Map<string, string>) =>
  new Map([...metadata].map(([key, value]) => [key ?? '', value ?? '']))

const bodyHeader = (header: BatchHeader): BodyHeader => {
  const { length, nodes, buffers, variadicBufferCounts, compression } = header
  return {
    length,
    nodes,
    regions: buffers,
    variadic: variadicBufferCounts,
    ...(compression ? { compression: compressionOf(compression) } : {}),
  }
}

const compressionOf = ({ type, method }: BodyCompression): Compression => {
  const found = ({ 0: 'lz4', 1: 'zstd' } as const)[type as number]
  if (found && method === 0) return found
  throw unsupported(`bodies compressed by method ${type} are`)
}

const unsupported = (what: string) =>
  badData(
    `${what} not supported`,
    'write the stream uncompressed, with plain columns, by a recent Arrow (metadata version 5)',
  )

/** Continuation marker, length of the metadata, metadata, zeros up to a multiple of 8. */
const frame = (metadata: Uint8Array): Uint8Array => {
  const padded = (metadata.byteLength + 7) & ~7
  const bytes = new Uint8Array(8 + padded)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, -1, true)
  view.setInt32(4, padded, true)
  bytes.set(metadata, 8)
  return bytes
}
