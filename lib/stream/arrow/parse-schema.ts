import { Type } from 'apache-arrow/enum'
import type { Field } from 'apache-arrow/schema'
import { badData } from '../../error.js'
import { ofColumn } from '../named.js'
import { parseProvenance } from '../provenance.js'
import { type Content, CONTENTS, type OtherField, type StreamSchema } from '../types.js'
import { adaptId, narrowFloats, narrowForm } from './adapt.js'
import type { ArrowReader, Column } from './arrow-reader.js'
import { formatOf } from './number-type.js'
import { parseModality } from './parse-modality.js'
import type { Plan } from './plan.js'

/** Contents whose rows are items, and so have an id. */
const OF_ITEMS: Content[] = ['features', 'embeddings', 'predictions']

const OWN_KEYS = ['pcm.schema', 'pcm.content', 'pcm.pg']

export interface Parsed {
  schema: StreamSchema
  /** One plan a column, in the order of the Arrow columns. */
  plans: Plan[]
}

/**
 * What an Arrow schema means in the words of the stream. A stream without `pcm.schema` comes from
 * another program; it is taken for the first content that is expected.
 */
export const parseSchema = (
  { metadata, columns }: Pick<ArrowReader, 'metadata' | 'columns'>,
  expect?: Content[],
): Parsed => {
  const foreign = !metadata.has('pcm.schema')
  const content = contentOf(metadata, foreign, expect)
  const plans = columns.map(column =>
    ofColumn(column.field, () => planOf(column, content, foreign)),
  )
  const modalities = plans.flatMap(({ modality }) => modality ?? [])
  const others = plans.flatMap(({ other }) => other ?? [])
  others.sort((a, b) => +(b.name === 'id') - +(a.name === 'id'))
  if (OF_ITEMS.includes(content) && others[0]?.name !== 'id')
    throw badData(`no column 'id' among ${columns.map(({ field }) => field.name).join(', ')}`)
  const schema = {
    content,
    modalities,
    others,
    provenance: parseProvenance(metadata.get('pcm.pg') ?? '[]'),
    metadata: new Map([...metadata].filter(([key]) => !OWN_KEYS.includes(key))),
  }
  return { schema, plans }
}

const contentOf = (
  metadata: Map<string, string>,
  foreign: boolean,
  expect: Content[] | undefined,
): Content => {
  const named = metadata.get('pcm.content')
  if (named === undefined && foreign) return expect?.[0] ?? 'features'
  const content = CONTENTS.find(known => known === named)
  if (!content) throw badData(`pcm.content '${named ?? ''}', expected ${CONTENTS.join(', ')}`)
  if (expect && !expect.includes(content))
    throw badData(`a stream of ${content}, expected ${expect.join(' or ')}`)
  return content
}

const planOf = ({ field, form }: Column, content: Content, foreign: boolean): Plan => {
  const parsed = parseModality(field, foreign)
  if (parsed?.doubles)
    return { modality: parsed.field, form: narrowForm(form), adapt: narrowFloats }
  if (parsed) return { modality: parsed.field, form, adapt: column => column }
  if (field.name === 'id' && OF_ITEMS.includes(content)) return idPlan(field)
  const other = otherOf(field)
  return { other, form, format: formatOf(field.type), adapt: column => column }
}

/** Ids are texts without nulls; integers are taken as texts. */
const idPlan = (field: Field): Plan => {
  const format = field.typeId === Type.Int ? formatOf(field.type) : undefined
  if (field.typeId !== Type.Utf8 && format === undefined)
    throw badData(`type ${field.type}, expected text or integers`)
  const other: OtherField = { name: 'id', type: 'text', nullable: false, metadata: field.metadata }
  const adapt: Plan['adapt'] = (column, row) => adaptId(column, format, row)
  return { other, form: { kind: 'bytes', utf8: true }, format: undefined, adapt }
}

const otherOf = (field: Field): OtherField => ({
  name: field.name,
  type: OTHER_TYPES[field.typeId as Type] ?? 'opaque',
  nullable: field.nullable,
  metadata: field.metadata,
  arrow: field,
})

const OTHER_TYPES: Partial<Record<Type, OtherField['type']>> = {
  [Type.Utf8]: 'text',
  [Type.Int]: 'integer',
  [Type.Float]: 'real',
  [Type.Bool]: 'boolean',
}
