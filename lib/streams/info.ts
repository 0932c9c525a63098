import { Exit, PcmError } from '../error.js'
import type { Batch } from '../stream/batch.js'
import type { InputStream } from '../stream/read.js'
import type { ModalityField, OtherField, StreamSchema } from '../stream/types.js'
import { type CkaInfo, openCka } from './cka.js'
import { openTally, type Spread } from './spread.js'
import { openNorms, type Norms } from './norms.js'

export interface ModalityInfo {
  field: ModalityField
  missing: number
  /** Vectors of a modality that has them; rows that have one of the categories. */
  vectors: number
  /** undefined for a category, and where there are no vectors. */
  norms: Norms | undefined
  digest: string | undefined
}

export interface OtherInfo {
  field: OtherField
  /** undefined where the type cannot be read. */
  missing: number | undefined
  spread: Spread | undefined
  digest: string | undefined
}

/** What a stream was found to hold. */
export interface StreamInfo {
  name: string
  schema: StreamSchema
  rows: number
  modalities: ModalityInfo[]
  others: OtherInfo[]
  /** How alike modalities are, where it is asked for. */
  cka: CkaInfo[] | undefined
  /** Why the stream is not sound, if so; the counts are then of what came before. */
  problem: PcmError | undefined
}

/** Reads a stream to its end, in constant memory. Bad data end the reading and are reported. */
export async function inspect(
  stream: InputStream,
  progress: (rows: number) => void,
  { cka = false }: { cka?: boolean } = {},
): Promise<StreamInfo> {
  const { name, schema } = stream
  const modalities = schema.modalities.map(modalityTally)
  const others = schema.others.map(otherTally)
  const alike = cka ? openCka(schema.modalities) : undefined
  let rows = 0
  let problem: PcmError | undefined
  try {
    for await (const batch of stream) {
      for (const tally of [...modalities, ...others]) tally.add(batch)
      alike?.add(batch)
      progress((rows += batch.rows))
    }
  } catch (error) {
    if (!(error instanceof PcmError && error.exit === Exit.badData)) throw error
    problem = error
  }
  const digests = problem ? {} : stream.summary().digests
  const digestOf = (column: string) =>
    Object.hasOwn(digests, column) ? digests[column] : undefined
  return {
    name,
    schema,
    rows,
    modalities: modalities.map(({ end }) => end(digestOf)),
    others: others.map(({ end }) => end(digestOf)),
    cka: alike?.end(),
    problem,
  }
}

type DigestOf = (column: string) => string | undefined

const modalityTally = (field: ModalityField) => {
  const norms = openNorms(field.dim)
  let missing = 0
  let coded = 0
  return {
    add(batch: Batch): void {
      const column = batch.modality(field.name)
      const absent = column.present.reduce((sum, there) => sum + +(there === 0), 0)
      missing += absent
      if (column.layout === 'category') coded += batch.rows - absent
      else if (column.layout === 'vector') norms.add(column.values, column.present)
      else norms.add(column.values)
    },
    end: (digestOf: DigestOf): ModalityInfo => {
      const found = norms.end()
      const vectors = field.layout === 'category' ? coded : (found?.vectors ?? 0)
      return { field, missing, vectors, norms: found, digest: digestOf(field.name) }
    },
  }
}

const otherTally = (field: OtherField) => {
  const spread = openTally()
  const readable = field.type !== 'opaque'
  return {
    add(batch: Batch): void {
      if (readable) spread.add(batch.other(field.name).values)
    },
    end: (digestOf: DigestOf): OtherInfo => {
      const found = spread.end()
      return {
        field,
        missing: readable ? found.missing : undefined,
        spread: readable ? found : undefined,
        digest: digestOf(field.name),
      }
    },
  }
}
