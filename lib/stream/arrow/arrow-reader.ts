import type { Field, Schema } from 'apache-arrow/schema'
import { badData } from '../../error.js'
import { checkClosing, type InputSummary, isClosing } from '../closing.js'
import { ColumnDigest } from '../digest.js'
import { namedAsync, ofColumn } from '../named.js'
import type { Source } from '../source.js'
import { type Cells, type Form, isNull } from './cells.js'
import { Frames } from './frames.js'
import { Loader } from './load.js'
import { type Decoded, decodeMessage } from './messages.js'
import { schemaText } from './schema-text.js'
import { formOf, plainField, type Wire, wireOf } from './wire.js'

/** One column of a stream: its Arrow field as it is after loading, and how it lies in memory. */
export interface Column {
  field: Field
  form: Form
}

export interface CellBatch {
  rows: number
  /** Number of rows before this batch. */
  firstRow: number
  /** In the order of the columns. */
  cells: Cells[]
}

/** The version of the stream that this code reads and writes (`pcm.schema`). */
export const SCHEMA_VERSION = '1'

type BatchMessage = Extract<Decoded, { kind: 'batch' }>
type DictionaryMessage = Extract<Decoded, { kind: 'dictionary' }>

/**
 * An Arrow stream with every promise checked: framing, metadata, buffers, row count, digests, end
 * marker. What it throws for bad data begins with the name of the source.
 */
export class ArrowReader {
  readonly name: string
  readonly columns: Column[]
  readonly metadata: Map<string, string>
  readonly #frames: Frames
  readonly #wires: Wire[]
  readonly #dictionaryWires: Map<number, Wire>
  readonly #dictionaries = new Map<number, Cells>()
  readonly #digests: ColumnDigest[]
  readonly #schemaText: string
  #rows = 0
  #closing: Map<string, string> | undefined
  #summary: InputSummary | undefined

  static async open(source: Source): Promise<ArrowReader> {
    const frames = new Frames(source)
    return namedAsync(source.name, async () => {
      const bytes = await frames.next()
      const message = bytes && decodeMessage(bytes)
      if (message?.kind !== 'schema') throw badData('damaged: the stream has no schema')
      return new ArrowReader(source.name, frames, message.schema)
    })
  }

  private constructor(name: string, frames: Frames, schema: Schema) {
    this.name = name
    this.#frames = frames
    checkNames(schema)
    this.#wires = schema.fields.map(field => ofColumn(field, () => wireOf(field.type)))
    this.columns = schema.fields.map((field, i) => ({
      field: plainField(field),
      form: formOf(this.#wires[i]!),
    }))
    this.metadata = schema.metadata
    this.#schemaText = schemaText(schema)
    this.#dictionaryWires = new Map(
      [...schema.dictionaries].map(([id, type]) => [id, wireOf(type)]),
    )
    this.#digests = this.columns.map(({ form }) => new ColumnDigest(form))
    const version = this.metadata.get('pcm.schema') ?? SCHEMA_VERSION
    if (version !== SCHEMA_VERSION)
      throw badData(`pcm.schema is ${version}, expected ${SCHEMA_VERSION}`)
  }

  /** Record batches with at least one row; everything is known to be sound only after the last. */
  async *batches(): AsyncGenerator<CellBatch, void> {
    for (;;) {
      const batch = await namedAsync(this.name, () => this.#next())
      if (!batch) return
      if (batch.rows > 0) yield batch
    }
  }

  /** Rows, digests and inputs of the whole stream. */
  get summary(): InputSummary {
    if (!this.#summary) throw new Error('the summary of a stream is known at its end only')
    return this.#summary
  }

  async #next(): Promise<CellBatch | undefined> {
    for (;;) {
      const bytes = await this.#frames.next()
      if (!bytes) return this.#end()
      const message = decodeMessage(bytes)
      if (message.kind === 'schema') throw badData('damaged: a second schema within the stream')
      const body = await this.#frames.body(message.bodyLength)
      if (message.kind === 'batch') return this.#batch(message, body)
      this.#dictionary(message, body)
    }
  }

  #batch({ header, metadata }: BatchMessage, body: Uint8Array): CellBatch {
    if (this.#closing) throw badData('damaged: a batch follows the closing batch')
    const rows = header.length
    const firstRow = this.#rows
    const loader = new Loader(body, header, this.#dictionaries, firstRow)
    const cells = this.columns.map(({ field }, i) =>
      ofColumn(field, () => {
        const column = loader.column(this.#wires[i]!, rows)
        if (column.nulls > 0 && !field.nullable) throw missingValue(column, firstRow)
        return column
      }),
    )
    loader.end()
    cells.forEach((column, i) => this.#digests[i]!.update(column))
    this.#rows += rows
    if (isClosing(metadata)) {
      if (rows > 0) throw badData('damaged: the closing batch has rows')
      this.#closing = metadata
    }
    return { rows, firstRow, cells }
  }

  #dictionary({ id, header }: DictionaryMessage, body: Uint8Array): void {
    const wire = this.#dictionaryWires.get(id)
    if (!wire) throw badData(`damaged: a dictionary ${id} that no column uses`)
    const loader = new Loader(body, header, this.#dictionaries, 0)
    this.#dictionaries.set(id, loader.column(wire, header.length))
    loader.end()
  }

  #end(): undefined {
    const digests = Object.fromEntries(
      this.columns.map(({ field }, i) => [field.name, this.#digests[i]!.value()]),
    )
    const found = { rows: this.#rows, digests }
    if (!this.#closing && this.metadata.has('pcm.schema'))
      throw badData(
        'no closing batch, so nothing says whether the stream is whole',
        'whoever rewrote it must keep that batch and its metadata, or drop pcm.schema',
      )
    const inputs = this.#closing && checkClosing(this.#closing, this.#schemaText, found).inputs
    this.#summary = { name: this.name, ...found, ...(inputs && { inputs }) }
  }
}

const checkNames = (schema: Schema): void => {
  const seen = new Set<string>()
  for (const { name } of schema.fields) {
    if (seen.has(name)) throw badData(`two columns are named '${name}'`)
    seen.add(name)
  }
}

const missingValue = (column: Cells, firstRow: number) => {
  let slot = 0
  while (!isNull(column, slot)) slot++
  return badData(`row ${firstRow + slot} is null, though the schema says that none is`)
}
