import type { Engine } from '../engine/types.js'
import type { InputStream } from '../stream/read.js'
import { evaluate, type Evaluation } from './evaluate.js'
import { loadEmbeddings, selection, workOf } from './load.js'
import type { Metric } from './metric.js'
import { openSimilarity } from './open-similarity.js'
import { planEvaluation, type PlanOptions } from './plan.js'
import type { TieRule } from './tie.js'

export interface EvaluationOptions extends PlanOptions {
  metrics: readonly Metric[]
  ties: TieRule
  openEngine(): Promise<Engine>
}

/** An evaluation that is ready to run: the stream has been read. */
export interface OpenEvaluation {
  rows: number
  /** How many directions there are. */
  directions: number
  /** Which arithmetic makes the scores; the ranks do not depend on it. */
  engine: string
  evaluations(): AsyncGenerator<Evaluation>
  close(): Promise<void>
}

/** Reads a stream of embeddings and prepares the evaluation that the options ask for. */
export const openEvaluation = async (
  stream: InputStream,
  options: EvaluationOptions,
): Promise<OpenEvaluation> => {
  const plan = planEvaluation(stream.schema, stream.name, options)
  const table = await loadEmbeddings(stream, plan)
  const similarity = await openSimilarity(workOf(plan, table), options.openEngine)
  return {
    rows: table.rows,
    directions: plan.directions.length,
    engine: similarity.engine,
    evaluations: () =>
      evaluate(table, plan.directions, {
        ...options,
        queries: selection(table, plan.query),
        gallery: selection(table, plan.gallery),
        similarity,
      }),
    close: () => similarity.close(),
  }
}
