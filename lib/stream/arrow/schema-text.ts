import type { Field, Schema } from 'apache-arrow/schema'

/** Everything a schema says, as one text: equal texts, equal schemas. */
export const schemaText = (schema: Schema): string =>
  JSON.stringify([schema.fields.map(describe), [...schema.metadata]])

const describe = (field: Field): unknown => [
  field.name ?? '',
  String(field.type),
  field.nullable,
  [...field.metadata],
  ((field.type.children as Field[] | null) ?? []).map(describe),
]
