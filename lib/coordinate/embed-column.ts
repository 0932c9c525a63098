import { badData } from '../error.js'
import { firstNotUnit } from '../stream/check-values.js'
import type { ModalityColumn, NestedColumn, RaggedColumn } from '../stream/types.js'
import { hasTokens, sequencesOf, vectorsOf } from './data/vectors.js'
import type { Embedder, Embeds } from './embedder.js'

/** Unit vectors of a column, one or several a row; zeros where the item lacks the modality. */
export type Embedded = { values: Float32Array; present: Uint8Array } & (
  { layout: 'vector' } | { layout: 'views'; offsets: Int32Array }
)

/** Whether the head of a modality sees the tokens of this column. */
export const seesTokens = (name: string, column: ModalityColumn, embedder: Embeds): boolean =>
  hasTokens(column) && embedder.takesTokens(name)

/** Embeds a column; `each` gets the unit tokens of every sequence, where the head takes such. */
export async function embedColumn(
  name: string,
  column: ModalityColumn,
  embedder: Pick<Embedder, keyof Embeds>,
  each?: (tokens: Float32Array) => void,
): Promise<Embedded> {
  if (column.layout === 'category') {
    const values = await embedder.embed(name, column.codes)
    return { layout: 'vector', values, present: column.present }
  }
  const vectors = seesTokens(name, column, embedder)
    ? sequencesOf(column as RaggedColumn | NestedColumn)
    : vectorsOf(column)
  const { values, offsets, present, views, tokenOffsets } = vectors
  const embeddings = tokenOffsets
    ? await embedder.embedTokens(name, values, tokenOffsets, each)
    : await embedder.embed(name, values)
  return views
    ? { layout: 'views', values: embeddings, offsets, present }
    : { layout: 'vector', values: embeddings, present }
}

/** Zeros where the item lacks the modality; elsewhere every embedding must have norm 1. */
export function checkUnit(
  made: Embedded & { name: string; source: string; firstRow: number },
): void {
  const { values, present, name, source, firstRow } = made
  const rows = present.length
  const vectors = made.layout === 'views' ? made.offsets[rows]! : rows
  const dim = vectors === 0 ? 0 : values.length / vectors
  for (let r = 0; r < rows; r++) {
    const [from, to] =
      made.layout === 'views' ? [made.offsets[r]!, made.offsets[r + 1]!] : [r, r + 1]
    if (!present[r]) values.fill(0, from * dim, to * dim)
    else if (firstNotUnit(values, dim, { from, to }) >= 0)
      throw badData(
        `${source}: column '${name}': row ${firstRow + r} has no direction in the shared space`,
        'its head maps it to zero or to no number: look at the features, or train again',
      )
  }
}
