import type { Engine } from '../engine/types.js'
import { badData } from '../error.js'
import type { DirectionTask } from './direction-task.js'
import type { EmbeddingSource } from './embedding-source.js'
import { Keys, type Embeddings } from './embeddings.js'
import { evaluate, type Evaluation, type Ranked } from './evaluate.js'
import { foldsOf, overFolds } from './folds.js'
import { wideningOf, type CorrectionSettings } from './hubness/correct.js'
import { corrector, loadBank } from './hubness/corrector.js'
import { loadEmbeddings, onSide, selection, workOf } from './load.js'
import type { Measures, Ranking } from './measures.js'
import type { Metric } from './metric.js'
import { openSimilarity, type SimilarityTask } from './open-similarity.js'
import { planEvaluation, type Plan, type PlanOptions } from './plan.js'
import type { Qrels } from './qrels.js'
import type { RankKeeper } from './ranks/kept-ranks.js'
import type { Shard } from './ranks/shard.js'
import type { Sweep } from './sweep.js'
import type { TieRule } from './tie.js'
import { allBut, tunePlan, type Tuned } from './tune.js'
import { itemsOf, queryNames, type Items } from './uncertainty/items.js'
import { judgeUncertainty, type Uncertainty } from './uncertainty/judge.js'

export interface EvaluationOptions extends PlanOptions {
  metrics: readonly Metric[]
  ties: TieRule
  qrels?: Qrels
  /** How often to resample for intervals; none where it is left out. */
  bootstrap?: number
  /** The embeddings of another system, to compare with. */
  other?: EmbeddingSource
  /** Where the gallery is that of an older model: the embeddings of the new one by itself. */
  fresh?: EmbeddingSource
  seed: number
  /** Corrects hubness, by a bank of its own or, transductively, by the queries and gallery. */
  correction?: CorrectionSettings
  bank?: EmbeddingSource
  transductive: boolean
  /** Counts how often each entry is among the first so many. */
  hubness?: number
  /** Says how both sides lie to each other. */
  geometry: boolean
  /** Modalities whose ranks are compared item by item. */
  mrv: readonly string[]
  /** Takes the mean over so many folds of the items. */
  folds?: number
  /** Ranks a part of the queries only, and keeps where what is relevant stands. */
  shard?: Shard
  keeper?: RankKeeper
  openEngine(): Promise<Engine>
}

/** An evaluation, how sure it is, and how it compares with that of another system. */
export interface Evaluated extends Evaluation, Uncertainty {
  /** The items that the queries are of, and the rank of each, where they are wanted. */
  ranked?: { ids: readonly string[]; ranks: Float64Array }
  /** How the weights of a combination were chosen. */
  tuned?: Tuned
  /** What an older model, whose gallery it is, and the new one find by themselves. */
  compatible?: { old: Measures; fresh: Measures }
}

/** An evaluation that is ready to run: the streams have been read. */
export interface OpenEvaluation {
  /** Rows that were read. */
  rows: number
  /** The embeddings, where it is not ranks that were read; and the items among their rows. */
  table?: Embeddings
  items?: Items
  /** The names of the directions. */
  directions: string[]
  sweeps: Sweep[]
  /** Which arithmetic makes the scores; the ranks do not depend on it. */
  engine: string
  /** Each direction in turn; `visit` sees it first, while its vectors are at hand. */
  evaluations(visit?: (task: DirectionTask) => Promise<void>): AsyncGenerator<Evaluated>
  close(): Promise<void>
}

/** Reads embeddings and prepares the evaluation that the options ask for. */
export const openEvaluation = async (
  stream: EmbeddingSource,
  options: EvaluationOptions,
): Promise<OpenEvaluation> => {
  const { other, bootstrap, seed } = options
  const one = await openSystem(stream, planEvaluation(stream.schema, stream.name, options), options)
  const directions = one.plan.directions.map(({ direction }) => direction.name)
  const beside = async (source: EmbeddingSource | undefined) =>
    source &&
    (await openSystem(
      source,
      planEvaluation(source.schema, source.name, {
        ...options,
        columns: [],
        direction: directions,
      }),
      options,
    ))
  const two = await beside(other)
  const three = await beside(options.fresh)
  const items = itemsOf(new Keys(one.table).of('id'), one.queries)
  return {
    rows: one.table.rows,
    table: one.table,
    items,
    directions,
    sweeps: one.plan.sweeps,
    engine: one.engine,
    async *evaluations(visit) {
      const others = two?.evaluations()
      const itself = three?.evaluations()
      for await (const { ranking, rows, ...evaluation } of one.evaluations(visit)) {
        const itemOf = rows.map(row => items.of[row]!)
        const back = (await others?.next())?.value as Ranked | undefined
        if (back) checkComparable(evaluation, back, other!.name)
        const fresh = (await itself?.next())?.value as Ranked | undefined
        yield {
          ...evaluation,
          ...(options.mrv.length && { ranked: rankedItems(one.table, rows, ranking) }),
          tuned: one.tuned.get(evaluation.direction.name),
          ...(fresh && { compatible: { old: back!.measures, fresh: fresh.measures } }),
          ...judgeUncertainty(
            { ranking, names: queryNames(one.table, rows) },
            back && { ranking: back.ranking, names: queryNames(two!.table, back.rows) },
            itemOf,
            { bootstrap, seed, items: items.count },
          ),
        }
      }
    },
    async close() {
      await one.close()
      await two?.close()
      await three?.close()
    },
  }
}

/** One system's embeddings in memory, and what multiplies them. */
const openSystem = async (stream: EmbeddingSource, asked: Plan, options: EvaluationOptions) => {
  const table = await loadEmbeddings(stream, asked)
  const work = workOf(asked, table)
  const rows = selection(table, asked.tune)
  const untuned = rows && allBut(rows)
  const queries = onSide(table, 'query', selection(table, asked.query) ?? untuned)
  const gallery = onSide(table, 'gallery', selection(table, asked.gallery) ?? untuned)
  const { correction, bank: bankStream, transductive } = options
  const bank =
    bankStream &&
    (await loadBank(
      bankStream,
      planEvaluation(bankStream.schema, bankStream.name, {
        ...options,
        query: undefined,
        gallery: undefined,
        tune: undefined,
        label: undefined,
        columns: [],
        by: [],
        direction: asked.directions.map(({ direction }) => direction.name),
      }),
      { table, queries, transductive },
    ))
  const plain = correction && (await openSimilarity(largest(work, bank?.rows), options.openEngine))
  const similarity = await openSimilarity(
    correction ? { ...work, dim: work.dim + wideningOf(correction.correction) } : work,
    options.openEngine,
  )
  const { plan, tuned } = rows
    ? await tunePlan(table, asked, [queries, gallery], { ...options, rows, similarity })
    : { plan: asked, tuned: new Map<string, Tuned>() }
  return {
    plan,
    tuned,
    queries,
    table,
    engine: similarity.engine,
    async *evaluations(visit?: (task: DirectionTask) => Promise<void>) {
      const settings = {
        ...options,
        visit,
        queries,
        gallery,
        similarity,
        geometry: options.geometry
          ? { seed: options.seed, similarity: plain ?? similarity }
          : undefined,
        ...(correction && {
          corrector: corrector({ settings: correction, table, bank, similarity: plain! }),
        }),
      }
      const folds =
        options.folds && foldsOf(itemsOf(new Keys(table).of('id'), undefined), options.folds)
      if (!folds) return yield* evaluate(table, plan.directions, settings)
      for (const direction of plan.directions) {
        const parts: Ranked[] = []
        for (const fold of folds)
          for await (const part of evaluate(table, [direction], {
            ...settings,
            queries: fold,
            gallery: fold,
          }))
            parts.push(part)
        yield overFolds(parts)
      }
    },
    async close() {
      await plain?.close()
      await similarity.close()
    },
  }
}

/** The work of comparing a bank of so many rows, too; each row may hold several views. */
const largest = (work: SimilarityTask, rows = 0): SimilarityTask => ({
  ...work,
  queries: Math.max(work.queries, work.entries, rows),
  entries: Math.max(work.queries, work.entries, rows),
})

export const rankedItems = ({ others }: Embeddings, rows: Int32Array, { ranks }: Ranking) => ({
  ids: Array.from(rows, row => String(others['id']!.values[row])),
  ranks,
})

/** Ranks in galleries of different sizes say nothing about each other. */
export const checkComparable = (
  { direction, pool }: Evaluation,
  other: Evaluation,
  source: string,
): void => {
  if (pool !== other.pool)
    throw badData(
      `${source}: ${direction.name} has a gallery of ${other.pool} entries, expected ${pool} as in the input`,
      'compare systems on the same items',
    )
}
