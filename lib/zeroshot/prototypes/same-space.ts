import { badData } from '../../error.js'
import type { InputSummary } from '../../stream/read.js'

/**
 * Throws bad data (65) where two streams of embeddings say which model made them, and it is not the
 * same one: their vectors may have equal dimensions and still share no space.
 */
export const checkSameSpace = (items: InputSummary, prototypes: InputSummary): void => {
  const [mine, theirs] = [modelsOf(items), modelsOf(prototypes)]
  if (mine.size === 0 || theirs.size === 0 || [...mine].some(model => theirs.has(model))) return
  throw badData(
    `${prototypes.name}: embedded by another model than ${items.name}, so the two share no space`,
    'embed both with one model',
  )
}

/** The digests of the models that the streams behind this one were embedded with. */
const modelsOf = ({ digests, inputs = [] }: InputSummary): Set<string> => {
  // What a model was trained on is nothing that was embedded.
  if (isModel(digests)) return new Set([digests['data']!])
  return new Set(inputs.flatMap(input => [...modelsOf(input)]))
}

const isModel = (digests: Record<string, string>): boolean =>
  `${Object.keys(digests).toSorted()}` === 'data,name,shape'
