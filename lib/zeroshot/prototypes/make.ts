import { Exit, PcmError } from '../../error.js'
import { openSink } from '../../stream/sink.js'
import { openStream } from '../../stream/read.js'
import type { ProvenanceRecord } from '../../stream/types.js'
import type { Where } from '../../stream/where.js'
import { truthOf } from '../plan.js'
import { rowsOf, type Prototypes } from './prototypes.js'
import { classSide, readPrototypes, type PrototypeOptions } from './read.js'
import { writePrototypes } from './write.js'

export interface MakeOptions extends PrototypeOptions {
  input: string
  output: string
  where: Where[]
  /** What the prototypes are made of: `A[:WEIGHT][+B[:WEIGHT]]...`; the only modality otherwise. */
  classModality?: string
  /** The column with the names of the classes; `label` where there is one, else `id`. */
  label?: string
}

/** Reads the prototypes of a stream and writes them as one. */
export const makePrototypes = async (
  options: MakeOptions,
  provenance: (previous: readonly ProvenanceRecord[]) => ProvenanceRecord[],
): Promise<Prototypes> => {
  const sink = await openSink(options.output, { binary: true })
  try {
    const { input, where } = options
    const stream = await openStream(input, { expect: ['embeddings'], where })
    const { name, schema } = stream
    const side = classSide(schema, name, options.classModality)
    const names = truthOf(schema, name, options, side) ?? { column: 'id' }
    const prototypes = await readPrototypes({ name, schema, batches: stream }, side, names, options)
    if (rowsOf(prototypes) === 0)
      throw new PcmError(`${name}: found no row with a class and a vector, expected some`, {
        exit: Exit.noRows,
      })
    const chain = provenance(schema.provenance)
    await writePrototypes(sink, prototypes, { schema, side }, chain, [stream.summary()])
    return prototypes
  } catch (error) {
    await sink.abort()
    throw error
  }
}

/** What a person may want to know of prototypes that were made. */
export const describe = (prototypes: Prototypes): string => {
  const { names, short, complete, opposed } = prototypes
  const notes = [
    short ? `${short} classes had fewer to draw from` : '',
    complete !== undefined && complete < names.length
      ? `${names.length - complete} classes lack a modality`
      : '',
    opposed ? `${opposed} cancel out: the first vector stands` : '',
  ]
  return [
    `${names.length} prototypes from ${rowsOf(prototypes)} rows`,
    ...notes.filter(Boolean),
  ].join('; ')
}
