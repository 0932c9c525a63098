import type { Context } from '../../cli/context.js'
import { badUsage } from '../../error.js'
import type { InputSummary } from '../../stream/read.js'
import type { ProvenanceRecord } from '../../stream/types.js'
import { openEvaluation, type OpenEvaluation } from '../evaluation.js'
import { refuseForFolds } from '../folds.js'
import { correctionProtocol, correctionSettings } from '../hubness/settings.js'
import { metricsOf } from '../metric.js'
import { openRanks } from '../ranks/evaluate-ranks.js'
import { refuseForRanks, refuseForShards } from '../ranks/refuse.js'
import { parseShard } from '../ranks/shard.js'
import type { Settings } from '../report/record.js'
import { refuseForCompatible } from '../compatible/refuse.js'
import { openInputs, type EmbeddingInputs, type RanksInputs } from './inputs.js'
import type { Together } from './output.js'
import type { EvalArguments } from './program.js'

/** What is to be evaluated, read and ready. */
export interface Work {
  /** Of the input, for messages, and how it came about. */
  name: string
  chain: readonly ProvenanceRecord[]
  evaluation: OpenEvaluation
  settings: Settings
  summaries(): InputSummary[]
}

export const openWork = async (
  args: EvalArguments,
  output: Together,
  context: Context,
): Promise<Work> => {
  refuseForShards(args)
  refuseForFolds(args)
  if (args.tune !== undefined && (args.against ?? args.correction) !== undefined)
    throw badUsage(
      '--tune is of plain scores of one system',
      'leave out --against and --correction',
    )
  refuseForCompatible(args)
  const correction = correctionSettings(args)
  const inputs = await openInputs(args)
  if (inputs.kind === 'ranks') return ranksWork(args, inputs)
  return embeddingsWork(args, inputs, correction, output, context)
}

const embeddingsWork = async (
  args: EvalArguments,
  inputs: EmbeddingInputs,
  correction: ReturnType<typeof correctionSettings>,
  output: Together,
  { log, threads }: Context,
): Promise<Work> => {
  const { source, qrels, other, fresh, bank } = inputs
  const measured = measuredBy(args)
  const evaluation = await openEvaluation(source, {
    ...args,
    ...{ qrels, other, fresh, bank, correction },
    ...measured,
    shard: args.shard === undefined ? undefined : parseShard(args.shard),
    keeper: output.keeper,
    columns: output.columns,
    async openEngine() {
      const { openEngine } = await import('../../engine/open.js')
      return openEngine({ device: args.device, threads, warn: log.warn })
    },
  })
  return {
    name: source.name,
    chain: source.schema.provenance,
    evaluation,
    settings: {
      ...args,
      ...measured,
      qrelsFile: args.qrels,
      against: args.against ?? args.compatible,
      gain: qrels?.graded ? args.gain : undefined,
      correction: correction && correctionProtocol(correction, args),
      engine: evaluation.engine,
    },
    summaries: () => [source, other, bank].flatMap(each => each?.summaries() ?? []),
  }
}

/** Ranks say themselves how they were made. */
const ranksWork = async (args: EvalArguments, { stream, other }: RanksInputs): Promise<Work> => {
  refuseForRanks(args, stream.name)
  const measured = measuredBy(args)
  const { made, ...evaluation } = await openRanks(stream, { ...args, ...measured, other })
  return {
    name: stream.name,
    chain: stream.schema.provenance,
    evaluation,
    settings: { ...args, ...measured, ...made, correction: made.correction, gain: made.gain },
    summaries: () => [stream, other].flatMap(each => (each ? [each.summary()] : [])),
  }
}

const measuredBy = ({ k, metrics, gain }: EvalArguments) => {
  const ks = [...new Set(k)].sort((a, b) => a - b)
  return { ks, metrics: metricsOf(metrics, ks, gain) }
}
