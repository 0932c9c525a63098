import type { Direction } from '../direction.js'
import type { Evaluation, Positives } from '../evaluate.js'
import { mean } from '../measures.js'
import type { Side } from '../side.js'
import type { TieRule } from '../tie.js'

/** One line of `--format json`. Keys never change their meaning; new ones may come. */
export type MetricRecord = Record<string, unknown>

/** What all directions of a run share. */
export interface Settings {
  ks: readonly number[]
  ties: TieRule
  engine: string
  seed: number
  /** The selections as they were written. */
  where: readonly string[]
  query?: string
  gallery?: string
}

/** The record of one direction, with how it was made inside (DESIGN 4, Records). */
export const evaluationRecord = (evaluation: Evaluation, settings: Settings): MetricRecord => {
  const { direction, queries, pool, measures, label } = evaluation
  const over = settings.ks.filter(k => queries > 0 && k > pool)
  return {
    direction: direction.name,
    query: direction.query.modalities,
    gallery: direction.gallery.modalities,
    queries,
    pool,
    ...rounded(measures),
    ...(label && { map_label: label.map === null ? null : round(label.map) }),
    protocol: {
      relevance: evaluation.relevance,
      positives: positives(evaluation.positives),
      hit: 'any',
      ties: evaluation.ties,
      tie_rule: settings.ties,
      ...(over.length && { k_over_pool: over }),
      unanswerable: evaluation.unanswerable,
      missing: both(evaluation, side => side.missing),
      merged: both(evaluation, side => side.merged),
      ...combination(evaluation),
      ...(direction.kind === 'intra' && { itself: 'left out' }),
      ...(label && {
        label: {
          column: label.column,
          queries: label.queries,
          positives: positives(label.positives),
        },
      }),
      ...shared(settings),
    },
  }
}

/** The mean over ordered pairs of single modalities, never of one with itself (METHODS 4.11). */
export const meanRecord = (
  evaluations: readonly Evaluation[],
  settings: Settings,
): MetricRecord | undefined => {
  const plain = evaluations.filter(({ direction, queries }) => isPair(direction) && queries > 0)
  if (plain.length === 0) return undefined
  const keys = Object.keys(plain[0]!.measures)
  const means = keys.map(key => [key, mean(plain.map(({ measures }) => measures[key]!))])
  const labels = plain.flatMap(({ label }) => (label && label.map !== null ? [label.map] : []))
  return {
    direction: 'mean',
    directions: plain.length,
    ...rounded(Object.fromEntries(means)),
    ...(labels.length && { map_label: round(mean(labels)!) }),
    protocol: {
      over: 'ordered pairs of single modalities',
      hit: 'any',
      tie_rule: settings.ties,
      ...shared(settings),
    },
  }
}

export const isPair = ({ kind }: Direction): boolean => kind === 'plain'

const shared = ({ where, query, gallery, engine, seed }: Settings) => ({
  score: 'cosine',
  bank: null,
  ...(where.length && { where }),
  ...(query !== undefined && { query }),
  ...(gallery !== undefined && { gallery }),
  engine,
  seed,
})

/** For enriched sides: rows that had all the modalities, and rows where they cancelled out. */
const combination = (evaluation: Evaluation) => {
  const { query, gallery } = evaluation
  if (query.complete === undefined && gallery.complete === undefined) return {}
  return {
    complete: both(evaluation, side => side.complete ?? null),
    opposed: both(evaluation, side => side.opposed ?? null),
  }
}

const both = <T>({ query, gallery }: Evaluation, of: (side: Side) => T) => ({
  query: of(query),
  gallery: of(gallery),
})

const positives = (found: Positives | null) => found && { ...found, mean: round(found.mean) }

const rounded = (values: Record<string, number | null>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === null ? null : round(value)]),
  )

/** Ten digits: what is behind is the order of summation. */
export const round = (value: number): number => Number(value.toPrecision(10))
