import { badData } from '../error.js'
import type { ModalityField } from '../stream/types.js'

/** Throws bad data (65) unless all fields hold vectors, or views of vectors, of one dimension. */
export const checkOneSpace = (fields: readonly ModalityField[], source: string): void => {
  for (const { name, layout } of fields)
    if (layout !== 'vector' && layout !== 'views')
      throw badData(
        `${source}: column '${name}': found ${layout}, expected embeddings (a vector, or views of vectors, a row)`,
        'pcm-embed makes embeddings of features',
      )
  const [first] = fields
  const other = fields.find(({ dim }) => dim !== first?.dim)
  if (first && other)
    throw badData(
      `${source}: '${first.name}' has ${first.dim} numbers a vector, '${other.name}' ${other.dim}: they share no space`,
      'pcm-embed maps them into one',
    )
}
