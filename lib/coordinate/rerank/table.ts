import type { Embeddings } from '../../retrieve/embeddings.js'
import { collect } from '../../stream/collect.js'
import type { InputStream } from '../../stream/read.js'
import type { ModalityColumn } from '../../stream/types.js'
import type { EmbeddingPlan } from '../embed.js'
import { checkUnit, embedColumn, seesTokens } from '../embed-column.js'
import type { Embedder } from '../embedder.js'
import { LocalTokens } from './local-tokens.js'

/** Embeddings of a whole stream in memory, and the tokens that they were made of. */
export interface LocalTable {
  table: Embeddings
  tokens: Record<string, LocalTokens>
}

/** Reads a stream to its end and embeds the modalities of the plan. */
export async function embedTable(
  stream: InputStream,
  plan: EmbeddingPlan,
  embedder: Embedder,
  dim: number,
  others: readonly string[],
): Promise<LocalTable> {
  const names = plan.modalities.map(({ name }) => name)
  const features = await collect(stream, { modalities: names, others })
  const modalities: Record<string, ModalityColumn> = {}
  const tokens: Record<string, LocalTokens> = {}
  for (const name of names) {
    const local = (tokens[name] = new LocalTokens(dim))
    const column = features.modalities[name]!
    const made = await embedColumn(name, column, embedder, each => local.add(each))
    checkUnit({ ...made, name, source: stream.name, firstRow: 0 })
    // A vector is a sequence of one token.
    if (!seesTokens(name, column, embedder))
      for (let at = 0; at < made.values.length; at += dim)
        local.add(made.values.subarray(at, at + dim))
    modalities[name] = { ...made, dim } as ModalityColumn
  }
  const { rows } = features
  const { name: source } = stream
  return {
    table: { source, rows, fields: plan.fields, modalities, others: features.others },
    tokens,
  }
}
