import { Field, Schema } from 'apache-arrow/schema'
import {
  Bool,
  type DataType,
  FixedSizeList,
  Float16,
  Float32,
  Float64,
  Int32,
  Int64,
  List,
  Utf8,
} from 'apache-arrow/type'
import type { ModalityField, OtherField, StreamSchema } from '../types.js'
import type { OutputColumn } from '../write.js'
import { SCHEMA_VERSION } from './arrow-reader.js'
import { formatOf } from './number-type.js'
import { formOf, wireOf } from './wire.js'

/** The Arrow schema of a stream: `id` first, then the modalities, then the other columns. */
export const buildSchema = (schema: StreamSchema): Schema => {
  const metadata = new Map([
    ['pcm.schema', SCHEMA_VERSION],
    ['pcm.content', schema.content],
    ['pcm.pg', JSON.stringify(schema.provenance)],
    ...schema.metadata,
  ])
  return new Schema(columnOrder(schema).map(buildField), metadata)
}

/** The columns in the order of the Arrow schema, with what the writer needs to know of each. */
export const outputColumns = (schema: StreamSchema, arrow: Schema): OutputColumn[] =>
  columnOrder(schema).map((field, i) => {
    const { type } = arrow.fields[i]!
    const form = formOf(wireOf(type))
    return isModality(field)
      ? { form, modality: field }
      : { form, other: field, format: formatOf(type) }
  })

const columnOrder = ({ modalities, others }: StreamSchema): (ModalityField | OtherField)[] => {
  const isId = (field: OtherField) => field.name === 'id'
  return [...others.filter(isId), ...modalities, ...others.filter(field => !isId(field))]
}

const isModality = (field: ModalityField | OtherField): field is ModalityField => 'layout' in field

const buildField = (field: ModalityField | OtherField): Field =>
  isModality(field) ? modalityField(field) : otherField(field)

const modalityField = (field: ModalityField): Field => {
  const axis = field.layout === 'views-of-tokens' ? 'views' : field.layout
  const metadata = new Map([
    ['pcm.role', 'modality'],
    ['pcm.kind', field.kind],
  ])
  if (axis === 'tokens' || axis === 'views') metadata.set('pcm.axis', axis)
  if (field.unit) metadata.set('pcm.unit', '1')
  if (field.encoder !== undefined) metadata.set('pcm.encoder', field.encoder)
  if (field.of) metadata.set('pcm.of', JSON.stringify(field.of))
  if (field.vocabulary) metadata.set('pcm.vocabulary', JSON.stringify(field.vocabulary))
  for (const [key, value] of field.metadata ?? []) metadata.set(key, value)
  return new Field(field.name, modalityType(field), true, metadata)
}

const modalityType = ({ layout, dim, float }: ModalityField): DataType => {
  const number = float === 'float16' ? new Float16() : new Float32()
  const vector = () => new FixedSizeList(dim, item(number))
  switch (layout) {
    case 'category':
      return new Int32()
    case 'vector':
      return vector()
    case 'tokens':
    case 'views':
      return new List(item(vector()))
    case 'views-of-tokens':
      return new List(item(new List(item(vector()))))
  }
}

/** What is inside a vector or a list is never null. */
const item = (type: DataType): Field => new Field('item', type, false)

const otherField = ({ name, type, nullable, metadata, arrow }: OtherField): Field => {
  const read = arrow as Field | undefined
  return new Field(name, read?.type ?? newType(type, metadata), nullable, metadata)
}

/** Codes are Int32, as those of a category are; counts and other integers may be large. */
const newType = (type: OtherField['type'], metadata: Map<string, string>): DataType => {
  switch (type) {
    case 'text':
      return new Utf8()
    case 'integer':
      return metadata.get('pcm.role') === 'code' ? new Int32() : new Int64()
    case 'real':
      return new Float64()
    case 'boolean':
      return new Bool()
    case 'opaque':
      throw new Error('an opaque column must come from a stream')
  }
}
