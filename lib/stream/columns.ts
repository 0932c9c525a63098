import type { ColumnType } from './column-type.js'
import type { StreamSchema } from './types.js'

/** One column of a stream as it lies in memory: what its cells hold. */
export interface ColumnInfo {
  name: string
  type: ColumnType
  nullable: boolean
}

/** The columns of a stream in the order they are written in: id, modalities, the others. */
export const columnsOf = async (schema: StreamSchema): Promise<ColumnInfo[]> => {
  const { buildSchema } = await import('./arrow/build-schema.js')
  const { columnTypeOf } = await import('./arrow/column-type-of.js')
  return buildSchema(schema).fields.map(({ name, type, nullable }) => ({
    name,
    type: columnTypeOf(type),
    nullable,
  }))
}

/** The schema as the message that begins an Arrow stream: everything that is known of it. */
export const schemaMessage = async (schema: StreamSchema): Promise<Uint8Array> => {
  const { buildSchema } = await import('./arrow/build-schema.js')
  const { encodeSchema } = await import('./arrow/messages.js')
  return encodeSchema(buildSchema(schema))
}
