import type { Direction } from './direction.js'
import type { DirectionTask } from './direction-task.js'
import { Keys, type Embeddings } from './embeddings.js'
import { choose, type Entries } from './entries.js'
import type { Folds } from './folds.js'
import type { Geometry } from './geometry/geometry.js'
import { groupsBy, type Group } from './groups.js'
import { gradedBy, itself, relevant, type Job } from './job.js'
import type { BankSize, Corrector } from './hubness/corrector.js'
import { hubness, occurrences, type Hubness } from './hubness/occurrence.js'
import { measures, rank, sumOfHits, type Measures, type Ranking } from './measures.js'
import { metricsOf, type Metric } from './metric.js'
import type { Qrels } from './qrels.js'
import { difference, type Relation } from './relation.js'
import { rangeOf, type Shard } from './ranks/shard.js'
import type { RankKeeper } from './ranks/kept-ranks.js'
import { makeSide, type SideCounts } from './side.js'
import type { Similarity } from './similarity.js'
import { tally } from './tally.js'
import type { TieRule } from './tie.js'

export interface EvaluateOptions {
  /** One byte a row: which rows are queries, which are in the gallery; all where left out. */
  queries?: Uint8Array
  gallery?: Uint8Array
  metrics: readonly Metric[]
  ties: TieRule
  /** Columns whose values part the queries into groups that are measured by themselves, too. */
  by?: readonly string[]
  /** Judgements of what is relevant, in place of equal values. */
  qrels?: Qrels
  /** A column whose equal values are relevant for a second mean average precision. */
  label?: string
  similarity: Similarity
  /** Corrects the hubness of both sides before they are ranked. */
  corrector?: Corrector
  /** Counts how often each entry is among the first so many. */
  hubness?: number
  /** Ranks one part of the queries only. */
  shard?: Shard
  /** Keeps where the relevant entries of every query stand. */
  keeper?: RankKeeper
  /** Gets every direction's entries and what is relevant, as they are ranked. */
  visit?: (task: DirectionTask) => Promise<void>
  /**
   * Says how both sides lie to each other; what is drawn for it follows from the seed, and the
   * similarity is of vectors that nothing has corrected.
   */
  geometry?: { seed: number; similarity: Similarity }
}

/** How many relevant entries the queries have. */
export interface Positives {
  min: number
  mean: number
  max: number
}

export interface Evaluation {
  direction: Direction
  /** The column that makes entries relevant to each other. */
  relevance: string
  queries: number
  /** Entries in the gallery. */
  pool: number
  measures: Measures
  /** r@1 + r@5 + r@10, in percent: half of the rsum of a pair. */
  sum: number | null
  /** The measures of the queries with one value in a column of `by`. */
  groups: Group[]
  positives: Positives | null
  /** Queries whose rank depends on the tie rule. */
  ties: number
  /** Queries left out because nothing in the gallery is relevant to them. */
  unanswerable: number
  /** Mean average precision by `label`, over the queries that have one. */
  label?: { column: string; queries: number; positives: Positives | null; map: number | null }
  /** How unevenly the gallery is retrieved, by all queries; null where there is none. */
  hubness?: Hubness | null
  geometry?: Geometry | null
  /** The size of the bank that the scores were corrected by. */
  bank?: BankSize
  query: SideCounts
  gallery: SideCounts
  /** Enriched vectors whose parts cancel out, on both sides together. */
  opposed: number
  /** Where it is a mean over folds of the items. */
  folds?: Folds
}

/** An evaluation with its queries one by one: their rows, and the numbers of each. */
export interface Ranked extends Evaluation {
  rows: Int32Array
  ranking: Ranking
}

/**
 * Evaluates directions one after the other. `relevance` gives the column that decides each; the
 * table's embeddings are unit vectors of one dimension.
 */
export async function* evaluate(
  table: Embeddings,
  directions: readonly { direction: Direction; relevance: string }[],
  options: EvaluateOptions,
): AsyncGenerator<Ranked> {
  const keys = new Keys(table)
  const ids = ({ rows }: Entries) =>
    Array.from(rows, row => String(table.others['id']!.values[row]))
  for (const { direction, relevance } of directions) {
    const side = { table, keys, relevance }
    const query = makeSide({ ...side, spec: direction.query, selection: options.queries })
    const gallery = makeSide({ ...side, spec: direction.gallery, selection: options.gallery })
    const sides = { query: query.entries, gallery: gallery.entries }
    const corrected = await options.corrector?.(direction, relevance, sides)
    const job: Job = { keys, direction, ...sides, ...corrected, options, ids }
    const { ranking, rows, ...ranked } = await rankBy(job, relevance, options.metrics)
    const label = options.label === undefined ? {} : { label: await mapBy(job, options.label) }
    await options.visit?.({
      ...job,
      relevant: relevant(job, job.query, relevance),
      excluded: itself(job, job.query, relevance),
      grade: gradedBy(job, job.query, relevance)?.grade,
      similarity: options.similarity,
    })
    yield {
      direction,
      relevance,
      ...ranked,
      rows,
      ranking,
      pool: gallery.entries.rows.length,
      measures: measures(ranking),
      sum: sumOfHits(ranking),
      groups: (options.by ?? []).flatMap(column => groupsBy(table, keys, column, rows, ranking)),
      ties: ranking.tied.reduce((sum, tied) => sum + tied, 0),
      ...label,
      ...(options.hubness && { hubness: await hubnessOf(job, relevance, options.hubness) }),
      ...(options.geometry && {
        geometry: await geometryOf({ ...job, ...sides }, relevance, options.geometry),
      }),
      ...(corrected && { bank: corrected.bank }),
      query,
      gallery,
      opposed: (query.opposed ?? 0) + (gallery.opposed ?? 0),
    }
  }
}

/** Ranks the queries that have relevant entries by the given column. */
const rankBy = async (job: Job, column: string, metrics: readonly Metric[]) => {
  const relation = (queries: Entries) => relevant(job, queries, column)
  const { query, gallery, options } = job
  const without = (queries: Entries) => itself(job, queries, column)
  const { answerable, positives } = countPositives(
    query.rows.length,
    relation(query),
    without(query),
  )
  const [first, end] = rangeOf(options.shard ?? WHOLE, answerable.length)
  const chosen = answerable.subarray(first, end)
  const queries = chosen.length < query.rows.length ? choose(query, chosen) : query
  const keep =
    column === options.label ? undefined : options.keeper?.begin(job.direction, queries.rows, first)
  const tallies = tally({
    queries: queries.vectors,
    gallery: gallery.vectors,
    relevant: relation(queries),
    excluded: without(queries),
    graded: gradedBy(job, queries, column),
    similarity: options.similarity,
  })
  const ranking = await rank(keep ? each(tallies, keep) : tallies, chosen.length, {
    ties: options.ties,
    metrics,
  })
  const unanswerable = query.rows.length - answerable.length
  return { ranking, rows: queries.rows, queries: answerable.length, positives, unanswerable }
}

const WHOLE: Shard = { part: 1, of: 1 }

/** Passes on what comes, and shows it to somebody on the way. */
async function* each<T>(all: AsyncIterable<T>, show: (one: T) => void): AsyncGenerator<T> {
  for await (const one of all) {
    show(one)
    yield one
  }
}

const hubnessOf = async (job: Job, column: string, k: number): Promise<Hubness | null> => {
  const { query, gallery, options } = job
  if (query.rows.length === 0 || gallery.rows.length === 0) return null
  const { similarity } = options
  const task = { queries: query.vectors, gallery: gallery.vectors, similarity }
  return hubness(await occurrences(task, k, itself(job, query, column)), k)
}

/** Of the embeddings as they are, whatever corrects the scores. */
const geometryOf = async (
  job: Job,
  column: string,
  { seed, similarity }: NonNullable<EvaluateOptions['geometry']>,
) => {
  const { query, gallery } = job
  if (query.rows.length === 0 || gallery.rows.length === 0) return null
  const { geometry } = await import('./geometry/geometry.js')
  const sides = { queries: query.vectors, gallery: gallery.vectors }
  const relations = { relevant: relevant(job, query, column), excluded: itself(job, query, column) }
  return geometry({ ...sides, ...relations, similarity }, seed)
}

const MAP = metricsOf(['map'], [])

const mapBy = async (job: Job, column: string) => {
  const { ranking, queries, positives } = await rankBy(job, column, MAP)
  return { column, queries, positives, map: measures(ranking)['map']! }
}

/** Which queries have relevant entries, and how many. */
const countPositives = (queries: number, relevant: Relation, excluded: Relation | undefined) => {
  const answerable: number[] = []
  let min = Infinity
  let max = 0
  let sum = 0
  for (let q = 0; q < queries; q++) {
    const entries = relevant.of(q)
    const count = excluded ? difference(entries, excluded.of(q)).length : entries.length
    if (count === 0) continue
    answerable.push(q)
    min = Math.min(min, count)
    max = Math.max(max, count)
    sum += count
  }
  const positives = answerable.length === 0 ? null : { min, mean: sum / answerable.length, max }
  return { answerable: Int32Array.from(answerable), positives }
}
