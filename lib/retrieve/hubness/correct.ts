import type { Similarity } from '../similarity.js'
import { topEntries } from '../top.js'
import type { Vectors } from '../vectors.js'
import { activated, logSums, nearness } from './bank.js'
import { widening, withOffsets } from './offset.js'
import { between, invGc, localAdj } from './spread.js'

/** Corrections of hubness by a bank of embeddings (METHODS 3.6, 3.7). */
export const CORRECTIONS = ['is', 'dis', 'dualis', 'dualdis', 'csls', 'invgc', 'localadj'] as const
export type Correction = (typeof CORRECTIONS)[number]

export interface CorrectionSettings {
  correction: Correction
  /** Inverse temperatures of the softmax over the query bank and over the gallery bank. */
  beta: readonly [number, number]
  /** How far the gallery is moved away from the gallery bank and from the query bank. */
  rate: readonly [number, number]
  /** CSLS: how many of the nearest count. LocalAdj: which share of the bank is near. */
  neighbours: number
  poolRate: number
}

/** Queries and gallery of a direction, and the bank's vectors of the same two sides. */
export interface CorrectionTask {
  queries: Vectors
  gallery: Vectors
  queryBank: Vectors
  galleryBank: Vectors
  /** Equal keys are the same item: a gallery entry is no neighbour of itself. */
  galleryKeys: { bank: Int32Array; gallery: Int32Array }
  similarity: Similarity
}

/** How many numbers a correction adds to each vector. */
export const wideningOf = (correction: Correction): number =>
  widening({ is: 1, dis: 1, dualis: 1, dualdis: 3, csls: 1, invgc: 0, localadj: 0 }[correction])

/**
 * Vectors whose inner products rank as the corrected scores do. All that a correction multiplies a
 * query's scores by, or adds to all of them, is left out: it changes no rank. In the log domain
 * (METHODS 3.7) what is left is the score minus a number per gallery entry.
 */
export const correct = async (
  task: CorrectionTask,
  settings: CorrectionSettings,
): Promise<{ queries: Vectors; gallery: Vectors }> => {
  const { queries, gallery, queryBank, galleryBank, similarity } = task
  const { correction, rate } = settings
  if (correction === 'invgc') {
    const moved = invGc(gallery, galleryBank, rate[0])
    return { queries, gallery: between(moved, invGc(gallery, queryBank, rate[1]), gallery.dim) }
  }
  if (correction === 'localadj') {
    const move = (bank: Vectors, rate: number) => {
      const k = Math.max(1, Math.floor(settings.poolRate * bank.count))
      return localAdj(gallery, bank, rate, k, similarity)
    }
    const moved = await move(galleryBank, rate[0])
    return { queries, gallery: between(moved, await move(queryBank, rate[1]), gallery.dim) }
  }
  const all = new Int32Array(queries.count)
  if (correction === 'csls') {
    // 2 s - r(query) - r(entry) ranks as s - r(entry) / 2.
    const near = await nearness(queryBank, gallery, settings.neighbours, similarity)
    return withOffsets(queries, gallery, [near.map(r => r / 2)], all)
  }
  return softmax(task, settings)
}

/** Inverted softmax over one bank or both, for all queries or for those that a hub answers. */
const softmax = async (task: CorrectionTask, { correction, beta }: CorrectionSettings) => {
  const { queries, gallery, queryBank, galleryBank, galleryKeys, similarity } = task
  const dual = correction === 'dualis' || correction === 'dualdis'
  const [b1, b2] = beta
  const byQueries = await logSums(queryBank, gallery, b1, similarity)
  const one = byQueries.map(sum => finite(sum / b1))
  const all = new Int32Array(queries.count)
  if (correction === 'is') return withOffsets(queries, gallery, [one], all)
  if (!dual) {
    const hubs = await activated(queryBank, gallery, similarity)
    const hit = await firstIn(task, hubs)
    return withOffsets(
      queries,
      gallery,
      [one],
      all.map((_, q) => hit[q]! - 1),
    )
  }
  const byGallery = await logSums(galleryBank, gallery, b2, similarity, galleryKeys)
  const both = byQueries.map((sum, e) => finite((sum + byGallery[e]!) / (b1 + b2)))
  if (correction === 'dualis') return withOffsets(queries, gallery, [both], all)
  const two = byGallery.map(sum => finite(sum / b2))
  const ofQueries = await firstIn(task, await activated(queryBank, gallery, similarity))
  const ofGallery = await firstIn(
    task,
    await activated(galleryBank, gallery, similarity, galleryKeys),
  )
  // Bits: 1, the query bank's hubs; 2, the gallery bank's.
  return withOffsets(
    queries,
    gallery,
    [one, two, both],
    all.map((_, q) => ofQueries[q]! + 2 * ofGallery[q]! - 1),
  )
}

/** An entry that no bank vector is compared with is not corrected. */
const finite = (offset: number): number => (Number.isFinite(offset) ? offset : 0)

/** 1 for the queries whose first gallery entry (any of those level) is in the set. */
const firstIn = async (
  { queries, gallery, similarity }: CorrectionTask,
  set: Uint8Array,
): Promise<Uint8Array> => {
  const found = new Uint8Array(queries.count)
  for await (const { query, entries } of topEntries({ queries, gallery, k: 1, similarity }))
    found[query] = Number(entries.some(entry => set[entry]))
  return found
}
