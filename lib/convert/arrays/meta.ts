import { schemaMessage } from '../../stream/columns.js'
import type { StreamSchema } from '../../stream/types.js'

/** As pyarrow calls what it puts into Parquet files. */
export const ARROW_SCHEMA = 'ARROW:schema'

/**
 * What a file says beside its numbers, for formats that keep texts by key: the whole schema as
 * Arrow encodes it, and in plain sight what it is and which programs made it.
 */
export const metadataOf = async (schema: StreamSchema): Promise<Record<string, string>> => ({
  [ARROW_SCHEMA]: Buffer.from(await schemaMessage(schema)).toString('base64'),
  'pcm.schema': '1',
  'pcm.content': schema.content,
  'pcm.pg': JSON.stringify(schema.provenance),
})
