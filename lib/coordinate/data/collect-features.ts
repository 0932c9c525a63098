import { Grown } from '../../stream/grown.js'
import type { InputStream } from '../../stream/read.js'
import type {
  ModalityColumn,
  ModalityField,
  NestedColumn,
  OtherColumn,
  RaggedColumn,
} from '../../stream/types.js'
import type { ModalityData } from './dataset.js'
import { Spilled } from './spilled.js'
import type { Values } from './values.js'
import { hasTokens, sequencesOf, vectorsOf } from './vectors.js'

/** What training keeps of a features stream: vectors or codes, and other columns. */
export interface CollectedFeatures {
  rows: number
  modalities: Record<string, ModalityData>
  others: Record<string, OtherColumn>
  /** Bytes of feature vectors, and how many of them wait in a file. */
  bytes: number
  spilled: number
}

/**
 * Reads a stream to its end. Feature vectors stay in memory up to `memory` bytes in all; beyond,
 * the largest modality goes to a temporary file, then the next. Tokens are pooled by their mean but where
 * they are to be kept.
 */
export async function collectFeatures(
  stream: InputStream,
  fields: readonly ModalityField[],
  others: readonly string[],
  memory = Infinity,
  keepsTokens: (modality: string) => boolean = () => false,
): Promise<CollectedFeatures> {
  const growing = fields.map(
    field => new Growing(field, hasTokens(field) && keepsTokens(field.name)),
  )
  const values = others.map(name => ({ name, values: [] as OtherColumn['values'][number][] }))
  let rows = 0
  for await (const batch of stream) {
    for (const modality of growing) {
      modality.add(batch.modality(modality.field.name))
      spillDownTo(memory, growing)
    }
    for (const { name, values: all } of values)
      for (const value of batch.other(name).values) all.push(value)
    rows += batch.rows
  }
  const bytes = growing.reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    rows,
    modalities: Object.fromEntries(growing.map(one => [one.field.name, one.end()])),
    others: Object.fromEntries(
      values.map(({ name, values }) => [name, { layout: 'other' as const, values }]),
    ),
    bytes,
    spilled: bytes - resident(growing),
  }
}

const resident = (all: readonly Growing[]): number =>
  all.reduce((sum, { resident }) => sum + resident, 0)

const spillDownTo = (memory: number, all: readonly Growing[]): void => {
  while (resident(all) > memory)
    all.reduce((most, one) => (one.resident > most.resident ? one : most)).spill()
}

/** One modality while it is read. */
class Growing {
  private readonly present = new Grown<Uint8Array>(new Uint8Array(0))
  private readonly codes = new Grown<Int32Array>(new Int32Array(0))
  private readonly offsets = new Grown<Int32Array>(Int32Array.of(0))
  private readonly tokenOffsets = new Grown<Int32Array>(Int32Array.of(0))
  private values = new Grown<Float32Array>(new Float32Array(0))
  private file: Spilled | undefined

  constructor(
    readonly field: ModalityField,
    private readonly tokens: boolean,
  ) {}

  get bytes(): number {
    return 4 * (this.file ?? this.values).length
  }

  get resident(): number {
    return this.file ? 0 : this.bytes
  }

  add(column: ModalityColumn): void {
    if (column.layout === 'category') {
      this.codes.push(column.codes)
      return this.present.push(column.present)
    }
    const { values, offsets, present, tokenOffsets } = this.tokens
      ? sequencesOf(column as RaggedColumn | NestedColumn)
      : vectorsOf(column)
    this.offsets.push(offsets.subarray(1), this.offsets.view().at(-1)!)
    if (tokenOffsets)
      this.tokenOffsets.push(tokenOffsets.subarray(1), this.tokenOffsets.view().at(-1)!)
    this.present.push(present)
    if (this.file) this.file.append(values)
    else this.values.push(values)
  }

  spill(): void {
    this.file = new Spilled()
    this.file.append(this.values.view())
    this.values = new Grown(new Float32Array(0))
  }

  end(): ModalityData {
    const { dim, layout, vocabulary } = this.field
    const present = this.present.view()
    if (layout === 'category') {
      const categories = vocabulary!.length
      return { type: 'codes', categories, codes: this.codes.view(), present }
    }
    const values: Values = this.file ?? this.values.view()
    const views = layout === 'views' || layout === 'views-of-tokens'
    const vectors = { dim, values, offsets: this.offsets.view(), present, views }
    return {
      type: 'vectors',
      ...vectors,
      ...(this.tokens && { tokenOffsets: this.tokenOffsets.view() }),
    }
  }
}
