/**
 * The words of the stream, free of Arrow: what every program reads and writes (DESIGN 3).
 * Numeric code sees typed arrays only; Arrow objects never leave lib/stream.
 */

export const CONTENTS = [
  'features',
  'embeddings',
  'model',
  'predictions',
  'metrics',
  'ranks',
] as const
export type Content = (typeof CONTENTS)[number]

export const KINDS = ['image', 'audio', 'text', 'vector', 'category'] as const
export type Kind = (typeof KINDS)[number]

/** How the vectors of one modality hang on a row. `category` rows are Int32 codes, not vectors. */
export type Layout = 'vector' | 'tokens' | 'views' | 'views-of-tokens' | 'category'

/** One modality column, as the schema describes it. */
export interface ModalityField {
  name: string
  kind: Kind
  layout: Layout
  /** Numbers per vector; 0 for a category. */
  dim: number
  float: 'float32' | 'float16'
  /** The encoder address that made it (`hog,size=64`), if any is known. */
  encoder?: string
  /** True when every vector has norm 1. */
  unit: boolean
  /** The modalities an enriched column is made of. */
  of?: string[]
  /** The names of the codes, in order (categories; kept on the embeddings made of them). */
  vocabulary?: string[]
  /** Field metadata that pcm gives no meaning to, kept as it came. */
  metadata?: Map<string, string>
}

/** Any other column. `text`, `integer` and `real` can be read; `opaque` passes through untouched. */
export interface OtherField {
  name: string
  type: 'text' | 'integer' | 'real' | 'boolean' | 'opaque'
  nullable: boolean
  /** Field metadata, kept as it came. */
  metadata: Map<string, string>
  /** The Arrow field it was read with, so that it is written the same; only lib/stream looks. */
  arrow?: unknown
}

/** One program's line in the provenance chain `pcm.pg`, oldest first. */
export interface ProvenanceRecord {
  /** Program, version, command line. */
  pn: string
  vn: string
  cl: string
  seed?: number
  engine?: string
  threads?: number
  config?: Record<string, unknown>
  /** Filled in from the closing batch of what was read. */
  inputs?: { name: string; rows: number; digests: Record<string, string> }[]
  [key: string]: unknown
}

export interface StreamSchema {
  content: Content
  modalities: ModalityField[]
  /** `id` first where there is one; then the rest, in stream order. */
  others: OtherField[]
  provenance: ProvenanceRecord[]
  /** Schema metadata without `pcm.schema`, `pcm.content`, `pcm.pg`: unknown keys are kept. */
  metadata: Map<string, string>
}

interface Checked {
  /** Whoever made it has found every vector to be finite and, where that is promised, of norm 1. */
  checked?: true
}

/** (rows x dim), row-major; the slot of an absent row holds zeros. */
export interface VectorColumn extends Checked {
  layout: 'vector'
  dim: number
  values: Float32Array
  /** One byte a row: 1 where the item has this modality. */
  present: Uint8Array
}

/** Row r owns vectors offsets[r] .. offsets[r+1]-1 of `values` (vectors x dim). */
export interface RaggedColumn extends Checked {
  layout: 'tokens' | 'views'
  dim: number
  values: Float32Array
  offsets: Int32Array
  present: Uint8Array
}

/** Row r owns views offsets[r] .. offsets[r+1]-1; view v owns tokens viewOffsets[v] .. viewOffsets[v+1]-1. */
export interface NestedColumn {
  layout: 'views-of-tokens'
  dim: number
  values: Float32Array
  offsets: Int32Array
  viewOffsets: Int32Array
  present: Uint8Array
}

export interface CategoryColumn {
  layout: 'category'
  codes: Int32Array
  present: Uint8Array
}

export type ModalityColumn = VectorColumn | RaggedColumn | NestedColumn | CategoryColumn

/** A column that is no modality, decoded; null = missing. */
export interface OtherColumn {
  layout: 'other'
  values: readonly (string | number | bigint | boolean | null)[]
}
