import { MetadataVersion } from 'apache-arrow/enum'
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file'
import type { Schema } from 'apache-arrow/schema'
import { closingMetadata, type InputSummary } from '../closing.js'
import { ColumnDigest } from '../digest.js'
import type { Sink } from '../sink.js'
import { assemble } from './assemble.js'
import { type Cells, emptyCells, type Form } from './cells.js'
import { encodeBatch, encodeSchema } from './messages.js'
import { schemaText } from './schema-text.js'
import { formOf, wireOf } from './wire.js'

const END_OF_STREAM = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0)

/** Begins and ends the file format; padded to 8 bytes at the beginning. */
const MAGIC = Buffer.from('ARROW1')

/** Pieces below this are joined before they are written: fewer, larger writes. */
const SMALL = 1 << 16

/**
 * Writes an Arrow stream, or with `file` the stream inside an Arrow file, which has a footer for
 * random access. The end marker belongs to the caller: it is written by `finish` and by nothing
 * else, so a program that fails leaves a stream that every reader refuses.
 */
export class ArrowWriter {
  readonly #sink: Sink
  readonly #schema: Schema
  readonly #forms: Form[]
  readonly #digests: ColumnDigest[]
  #started = false
  readonly #file: boolean
  readonly #blocks: FileBlock[] = []
  #rows = 0
  #written = 0

  constructor(sink: Sink, schema: Schema, { file = false } = {}) {
    this.#sink = sink
    this.#schema = schema
    this.#file = file
    this.#forms = schema.fields.map(field => formOf(wireOf(field.type)))
    this.#digests = this.#forms.map(form => new ColumnDigest(form))
  }

  /** Writes one record batch and resolves when the sink has taken it. */
  async write(rows: number, columns: readonly Cells[]): Promise<void> {
    await this.#start()
    columns.forEach((column, i) => this.#digests[i]!.update(column))
    this.#rows += rows
    await this.#batch(rows, columns)
  }

  /** Counts a batch that the sink holds already, behind the schema. */
  adopt(rows: number, columns: readonly Cells[]): void {
    this.#started = true
    columns.forEach((column, i) => this.#digests[i]!.update(column))
    this.#rows += rows
  }

  /** Closing batch and end marker. */
  async finish(inputs: InputSummary[]): Promise<void> {
    await this.#start()
    const digests = Object.fromEntries(
      this.#schema.fields.map((field, i) => [field.name, this.#digests[i]!.value()]),
    )
    const closing = { rows: this.#rows, digests, inputs }
    await this.#batch(
      0,
      this.#forms.map(emptyCells),
      closingMetadata(closing, schemaText(this.#schema)),
    )
    await this.#write(END_OF_STREAM)
    if (this.#file) await this.#writeFooter()
  }

  async #start(): Promise<void> {
    if (this.#started) return
    this.#started = true
    if (this.#file) await this.#write(Buffer.concat([MAGIC, Buffer.alloc(2)]))
    await this.#write(encodeSchema(this.#schema))
  }

  async #writeFooter(): Promise<void> {
    const footer = Footer.encode(new Footer(this.#schema, MetadataVersion.V5, this.#blocks, []))
    const length = Buffer.alloc(4)
    length.writeInt32LE(footer.byteLength)
    await this.#write(Buffer.concat([footer, length, MAGIC]))
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#sink.write(bytes)
    this.#written += bytes.byteLength
  }

  async #batch(
    rows: number,
    columns: readonly Cells[],
    metadata?: Map<string, string>,
  ): Promise<void> {
    const { header, pieces, bodyLength } = assemble(rows, columns)
    const message = encodeBatch(header, bodyLength, metadata)
    this.#blocks.push(new FileBlock(message.byteLength, bodyLength, this.#written))
    for (const piece of joined([message, ...pieces])) await this.#write(piece)
  }
}

/** Joins neighbours that are small; large pieces pass as they are. */
function* joined(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = []
  for (const piece of pieces) {
    if (piece.byteLength < SMALL) {
      small.push(piece)
      continue
    }
    if (small.length > 0) yield Buffer.concat(small)
    small = []
    yield piece
  }
  if (small.length > 0) yield Buffer.concat(small)
}
