import { badUsage } from '../../error.js'
import { openStream } from '../../stream/read.js'
import { parseWhere, type Where } from '../../stream/where.js'
import { arraySource } from '../array-source.js'
import { streamSource, type EmbeddingSource } from '../embedding-source.js'
import { readQrels, type Qrels } from '../qrels.js'

export interface InputOptions {
  input: string
  vectors: readonly string[]
  where: readonly string[]
  qrels?: string
  positives: readonly string[]
  against?: string
  bank?: string
}

/** What a command line names to be read; `other` is the system that is compared `against`. */
export interface Inputs {
  source: EmbeddingSource
  qrels: Qrels | undefined
  other: EmbeddingSource | undefined
  bank: EmbeddingSource | undefined
}

export const openInputs = async (options: InputOptions): Promise<Inputs> => {
  const { input, vectors, qrels, positives, against, bank } = options
  const where = options.where.map(parseWhere)
  if (vectors.length && (input !== '-' || where.length))
    throw badUsage('--vectors takes the place of a stream, and of --where')
  if (qrels !== undefined && positives.length)
    throw badUsage('--qrels and --positives both say what is relevant')
  return {
    source: vectors.length
      ? await arraySource(vectors, { judged: qrels !== undefined })
      : await open(input, where),
    qrels: qrels === undefined ? undefined : await readQrels(qrels),
    other: against === undefined ? undefined : await open(against, where),
    bank: bank === undefined ? undefined : await open(bank, []),
  }
}

const open = async (path: string, where: Where[]): Promise<EmbeddingSource> =>
  streamSource(await openStream(path, { expect: ['embeddings'], where }))
