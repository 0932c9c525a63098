import type { Direction, SideSpec } from '../direction.js'
import type { Positives } from '../evaluate.js'
import { mean } from '../measures.js'
import { compatibleRecord, meanCompatible } from '../compatible/report.js'
import { geometryRecord } from './geometry-record.js'
import { round } from './round.js'
import { bootstrap, intervals, meanUncertainty, paired, verdicts } from './uncertainty.js'
import type { Hubness } from '../hubness/occurrence.js'
import { definitions, type Gain, type Metric } from '../metric.js'
import type { Evaluated as Evaluation } from '../evaluation.js'
import type { SideCounts } from '../side.js'
import type { Tuned } from '../tune.js'
import type { TieRule } from '../tie.js'

/** One line of `--format json`. Keys never change their meaning; new ones may come. */
export type MetricRecord = Record<string, unknown>

/** What all directions of a run share. */
export interface Settings {
  ks: readonly number[]
  metrics: readonly Metric[]
  ties: TieRule
  engine: string
  seed: number
  /** How often to resample, and the other system as it was written. */
  bootstrap?: number
  against?: string
  /** The older model whose gallery it is, as it was written. */
  compatible?: string
  /** The file of judgements. */
  qrelsFile?: string
  /** What its grades are worth, where it has more than one. */
  gain?: Gain
  /** How many of the first count for hubness; not counted where it is left out. */
  hubness?: number
  /** How hubness is corrected, and by what: the protocol's `bank`. */
  correction?: Record<string, unknown>
  /** What ordered the first of every ranking again, after the cosines. */
  rerank?: Record<string, unknown>
  /** The selections as they were written. */
  where: readonly string[]
  query?: string
  gallery?: string
  /** The rows that weights were chosen on, as they were written. */
  tune?: string
}

/** The record of one direction, with how it was made inside (DESIGN 4, Records). */
export const evaluationRecord = (evaluation: Evaluation, settings: Settings): MetricRecord => {
  const { direction, queries, pool, measures, label } = evaluation
  const over = kOverPool(evaluation, settings)
  return {
    direction: direction.name,
    query: direction.query.modalities,
    gallery: direction.gallery.modalities,
    queries,
    pool,
    ...rounded(measures),
    ...(evaluation.resampled && { ci: intervals(evaluation.resampled) }),
    ...(evaluation.pairing && { against: verdicts(evaluation.pairing.differences) }),
    ...compatibleRecord(evaluation, settings.metrics),
    ...(evaluation.hubness !== undefined && { hubness: hubs(evaluation.hubness) }),
    ...(evaluation.geometry !== undefined && { geometry: geometryRecord(evaluation.geometry) }),
    ...(label && { map_label: label.map === null ? null : round(label.map) }),
    protocol: {
      relevance: judgedBy(settings) ?? evaluation.relevance,
      positives: positives(evaluation.positives),
      hit: 'any',
      ties: evaluation.ties,
      tie_rule: settings.ties,
      ...defined(settings),
      ...(over.length && { k_over_pool: over }),
      ...(evaluation.tuned && { weights: chosen(evaluation.tuned, settings) }),
      ...(evaluation.folds && { folds: { ...evaluation.folds, of: 'consecutive items' } }),
      unanswerable: evaluation.unanswerable,
      missing: both(evaluation, side => side.missing),
      merged: both(evaluation, side => side.merged),
      ...combination(evaluation),
      ...(evaluation.resampled && { bootstrap: bootstrap(settings) }),
      ...(evaluation.pairing && { against: paired(evaluation.pairing, settings) }),
      ...(direction.kind === 'intra' && { itself: 'left out' }),
      ...(label && {
        label: {
          column: label.column,
          queries: label.queries,
          positives: positives(label.positives),
        },
      }),
      ...shared(settings),
      ...(evaluation.bank && { bank: { ...settings.correction, ...evaluation.bank } }),
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
    ...meanUncertainty(plain),
    ...meanCompatible(plain, settings.metrics),
    ...(labels.length && { map_label: round(mean(labels)!) }),
    protocol: {
      over: 'ordered pairs of single modalities',
      ...(plain[0]!.resampled && { bootstrap: bootstrap(settings) }),
      hit: 'any',
      tie_rule: settings.ties,
      ...defined(settings),
      ...shared(settings),
    },
  }
}

/** The records of the groups of queries that `--by` makes; the gallery stays whole. */
export const groupRecords = (evaluation: Evaluation, settings: Settings): MetricRecord[] =>
  evaluation.groups.map(({ column, value, queries, measures }) => ({
    direction: evaluation.direction.name,
    by: column,
    value,
    queries,
    pool: evaluation.pool,
    ...rounded(measures),
    protocol: {
      relevance: judgedBy(settings) ?? evaluation.relevance,
      hit: 'any',
      tie_rule: settings.ties,
      ...defined(settings),
      ...shared(settings),
    },
  }))

/** rsum of every pair of modalities of which both directions were measured (METHODS 4.2). */
export const pairRecords = (
  evaluations: readonly Evaluation[],
  settings: Settings,
): MetricRecord[] =>
  evaluations.flatMap(({ direction, sum }, at) => {
    const { query, gallery } = direction
    const back = evaluations
      .slice(at + 1)
      .find(other => other.direction.name === `${nameOf(gallery)}>${nameOf(query)}`)
    if (!isPair(direction) || !back || sum === null || back.sum === null) return []
    return [
      {
        direction: `${nameOf(query)}<>${nameOf(gallery)}`,
        directions: 2,
        rsum: round(sum + back.sum),
        r_mean: round((sum + back.sum) / 6),
        protocol: {
          rsum: 'r@1 + r@5 + r@10 in both directions, at most 600',
          hit: 'any',
          tie_rule: settings.ties,
          ...shared(settings),
        },
      },
    ]
  })

/** `qrels FILE`, where a file says what is relevant. */
export const judgedBy = ({ qrelsFile }: Settings): string | undefined =>
  qrelsFile === undefined ? undefined : `qrels ${qrelsFile}`

const hubs = (found: Hubness | null) =>
  found && {
    k: found.k,
    skewness: round(found.skewness),
    antihub: round(found.antihub),
    max: round(found.max),
    robin_hood: round(found.robinHood),
  }

const nameOf = ({ parts }: SideSpec): string => parts[0]!.column
const defined = ({ metrics, gain }: Settings) => {
  const texts = definitions(metrics, gain)
  return Object.keys(texts).length > 0 ? { metrics: texts } : {}
}

/** The cut-offs that hold the whole gallery, where they are asked for. */
export const kOverPool = (
  { queries, pool }: Evaluation,
  { ks, metrics }: Pick<Settings, 'ks' | 'metrics'>,
): number[] =>
  metrics.some(({ name }) => name.includes('@')) ? ks.filter(k => queries > 0 && k > pool) : []

export const isPair = ({ kind }: Direction): boolean => kind === 'plain'

const shared = ({ where, query, gallery, engine, seed, correction, rerank }: Settings) => ({
  score: 'cosine',
  ...(rerank && { rerank }),
  bank: correction ?? null,
  ...(where.length && { where }),
  ...(query !== undefined && { query }),
  ...(gallery !== undefined && { gallery }),
  engine,
  seed,
})

/** How the weights of a combination came about. */
const chosen = ({ queries, mrr, equal, tried, grid }: Tuned, { tune }: Settings) => ({
  chosen_on: tune,
  by: 'mrr',
  queries,
  mrr: round(mrr),
  mrr_of_equal_weights: round(equal),
  tried,
  grid,
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

const both = <T>({ query, gallery }: Evaluation, of: (side: SideCounts) => T) => ({
  query: of(query),
  gallery: of(gallery),
})

const positives = (found: Positives | null) => found && { ...found, mean: round(found.mean) }

const rounded = (values: Record<string, number | null>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === null ? null : round(value)]),
  )
