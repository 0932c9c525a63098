import { badUsage, Exit, PcmError } from '../../error.js'
import type { Direction, SideSpec } from '../direction.js'
import type { EmbeddingSource } from '../embedding-source.js'
import { Keys, type Embeddings } from '../embeddings.js'
import type { Entries } from '../entries.js'
import { loadEmbeddings } from '../load.js'
import type { Plan } from '../plan.js'
import { makeSide } from '../side.js'
import type { Similarity } from '../similarity.js'
import { correct, type CorrectionSettings } from './correct.js'

/** Corrects the two sides of a direction, and says how large the banks were. */
export type Corrector = (
  direction: Direction,
  relevance: string,
  sides: { query: Entries; gallery: Entries },
) => Promise<{ query: Entries; gallery: Entries; bank: BankSize }>

export interface BankSize {
  queries: number
  gallery: number
}

export interface CorrectorOptions {
  settings: CorrectionSettings
  /** The embeddings that are evaluated; they are the bank, too, where there is no other. */
  table: Embeddings
  bank?: Embeddings
  similarity: Similarity
}

export const corrector =
  ({ settings, table, bank, similarity }: CorrectorOptions): Corrector =>
  async (direction, relevance, { query, gallery }) => {
    const keys = bank && new Keys(bank)
    const side = (spec: SideSpec) =>
      makeSide({ table: bank!, keys: keys!, spec, selection: undefined, relevance }).entries
    const queryBank = bank ? side(direction.query) : query
    const galleryBank = bank ? side(direction.gallery) : gallery
    const size = { queries: queryBank.rows.length, gallery: galleryBank.rows.length }
    if (size.queries === 0 || size.gallery === 0)
      throw new PcmError(`${(bank ?? table).source}: found no bank for ${direction.name}`, {
        exit: Exit.noRows,
      })
    const number = numbering()
    const corrected = await correct(
      {
        queries: query.vectors,
        gallery: gallery.vectors,
        queryBank: queryBank.vectors,
        galleryBank: galleryBank.vectors,
        galleryKeys: {
          bank: number(bank ?? table, galleryBank.rows),
          gallery: number(table, gallery.rows),
        },
        similarity,
      },
      settings,
    )
    return {
      query: { ...query, vectors: corrected.queries },
      gallery: { ...gallery, vectors: corrected.gallery },
      bank: size,
    }
  }

/** Numbers ids of several tables alike. */
const numbering = () => {
  const known = new Map<string, number>()
  return ({ others }: Embeddings, rows: Int32Array): Int32Array =>
    rows.map(row => {
      const id = String(others['id']!.values[row])
      const number = known.get(id) ?? known.size
      known.set(id, number)
      return number
    })
}

/**
 * Reads a bank. One that holds queries has seen the test (METHODS 5, pitfall 14): refused (64),
 * unless `transductive`.
 */
export const loadBank = async (
  stream: EmbeddingSource,
  plan: Plan,
  {
    table,
    queries,
    transductive,
  }: { table: Embeddings; queries?: Uint8Array; transductive: boolean },
): Promise<Embeddings> => {
  const bank = await loadEmbeddings(stream, plan)
  const ids = new Set(bank.others['id']!.values.map(String))
  const known = table.others['id']!.values.findIndex(
    (id, row) => (!queries || queries[row]) && ids.has(String(id)),
  )
  if (known >= 0 && !transductive)
    throw badUsage(
      `--bank: ${stream.name} holds '${table.others['id']!.values[known]}', which is a query, too`,
      'take a bank of other items, as of the training split; or say --transductive',
    )
  return bank
}
