import { badData } from '../error.js'
import type { InputStream } from '../stream/read.js'
import type { StreamSchema } from '../stream/types.js'
import { joinChains } from './chains.js'
import { typeOf } from './same-schema.js'

/** A joined stream: its schema, and which inputs have each column, the first of them leading. */
export interface JoinSchema {
  schema: StreamSchema
  owners: ReadonlyMap<string, readonly number[]>
}

/**
 * The columns of all streams side by side. A modality may come from one stream only; any other
 * column from several, where it has the same type in all. All but the id may become null.
 */
export const joinSchemas = (streams: readonly InputStream[]): JoinSchema => {
  const [first] = streams as [InputStream]
  const owners = new Map<string, number[]>()
  const schema: StreamSchema = {
    content: first.schema.content,
    modalities: [],
    others: [],
    provenance: joinChains(streams.map(stream => stream.schema.provenance)),
    metadata: new Map(),
  }
  const note = (name: string, index: number) =>
    owners.set(name, [...(owners.get(name) ?? []), index])
  streams.forEach((stream, index) => {
    const { content, modalities, others, metadata } = stream.schema
    if (content !== first.schema.content)
      throw badData(
        `${stream.name}: a stream of ${content}, expected ${first.schema.content} as in ${first.name}`,
      )
    for (const field of modalities) {
      const before = owners.get(field.name)?.[0]
      if (before !== undefined)
        throw badData(
          `${stream.name}: modality '${field.name}' is in ${streams[before]!.name} as well`,
          'pcm-cat appends rows of one schema; to join, extract it under another name',
        )
      note(field.name, index)
      schema.modalities.push(field)
    }
    for (const field of others) {
      const before = schema.others.find(({ name }) => name === field.name)
      const from = owners.get(field.name)?.[0]
      note(field.name, index)
      if (from === undefined) {
        schema.others.push({ ...field, nullable: field.name !== 'id' })
      } else if (!before || field.type === 'opaque' || typeOf(before) !== typeOf(field)) {
        const found = before ? typeOf(before) : 'a modality'
        throw badData(
          `${stream.name}: column '${field.name}' is ${typeOf(field)}, and ${found} in ${streams[from]!.name}`,
          'a column of several streams must have one readable type',
        )
      }
    }
    for (const [key, value] of metadata)
      if (!schema.metadata.has(key)) schema.metadata.set(key, value)
  })
  return { schema, owners }
}
