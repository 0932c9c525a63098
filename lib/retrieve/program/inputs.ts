import { badUsage } from '../../error.js'
import { openStream, type InputStream } from '../../stream/read.js'
import { parseWhere, type Where } from '../../stream/where.js'
import { arraySource } from '../array-source.js'
import { compatibleSources } from '../compatible/sources.js'
import { streamSource, type EmbeddingSource } from '../embedding-source.js'
import { readQrels, type Qrels } from '../qrels.js'

export interface InputOptions {
  input: string
  vectors: readonly string[]
  where: readonly string[]
  qrels?: string
  positives: readonly string[]
  against?: string
  compatible?: string
  bank?: string
}

/** What a command line names to be read; `other` is the system that is compared `against`. */
export type Inputs = EmbeddingInputs | RanksInputs

export interface EmbeddingInputs {
  kind: 'embeddings'
  source: EmbeddingSource
  qrels: Qrels | undefined
  other: EmbeddingSource | undefined
  /** The new model by itself, where the gallery is that of an older one. */
  fresh: EmbeddingSource | undefined
  bank: EmbeddingSource | undefined
}

export interface RanksInputs {
  kind: 'ranks'
  stream: InputStream
  other: InputStream | undefined
}

export const openInputs = async (options: InputOptions): Promise<Inputs> => {
  const { input, vectors, qrels, positives, against, compatible, bank } = options
  const where = options.where.map(parseWhere)
  if (vectors.length && (input !== '-' || where.length))
    throw badUsage('--vectors takes the place of a stream, and of --where')
  if (qrels !== undefined && positives.length)
    throw badUsage('--qrels and --positives both say what is relevant')
  const stream = vectors.length
    ? undefined
    : await openStream(input, { expect: ['embeddings', 'ranks'], where })
  if (stream?.schema.content === 'ranks') {
    const other =
      against === undefined ? undefined : await openStream(against, { expect: ['ranks'], where })
    return { kind: 'ranks', stream, other }
  }
  const own = stream
    ? streamSource(stream)
    : await arraySource(vectors, { judged: qrels !== undefined })
  const three = compatible && compatibleSources(own, await open(compatible, where))
  return {
    kind: 'embeddings',
    source: three ? three.cross : own,
    qrels: qrels === undefined ? undefined : await readQrels(qrels),
    other: three ? three.old : against === undefined ? undefined : await open(against, where),
    fresh: three ? three.fresh : undefined,
    bank: bank === undefined ? undefined : await open(bank, []),
  }
}

const open = async (path: string, where: Where[]): Promise<EmbeddingSource> =>
  streamSource(await openStream(path, { expect: ['embeddings'], where }))
