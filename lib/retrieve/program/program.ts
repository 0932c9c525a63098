import type { Context } from '../../cli/context.js'
import type { evaluate } from '../../cli/options/pcm-eval.js'
import type { Arguments } from '../../cli/program.js'
import { openEngine } from '../../engine/open.js'
import { Exit, type ExitStatus } from '../../error.js'
import { provenance } from '../../stream/provenance.js'
import { openEvaluation, type Evaluated } from '../evaluation.js'
import { missed, parseGate } from '../gate.js'
import { correctionProtocol, correctionSettings } from '../hubness/settings.js'
import { metricsOf } from '../metric.js'
import {
  evaluationRecord,
  groupRecords,
  meanRecord,
  pairRecords,
  type MetricRecord,
  type Settings,
} from '../report/record.js'
import { openInputs } from './inputs.js'
import type { Output } from './output.js'
import { openOutputs } from './outputs.js'

type EvalArguments = Arguments<typeof evaluate>

/** pcm-eval: evaluates every direction, serves the outputs, and says how it went. */
export const runEvaluation = async (args: EvalArguments, context: Context): Promise<ExitStatus> => {
  const output = await openOutputs(args)
  try {
    return await evaluateInto(output, args, context)
  } catch (error) {
    await output.abort()
    throw error
  }
}

const evaluateInto = async (
  output: Required<Output>,
  args: EvalArguments,
  { log, progress, record, threads }: Context,
): Promise<ExitStatus> => {
  const ks = [...new Set(args.k)].sort((a, b) => a - b)
  const metrics = metricsOf(args.metrics, ks)
  const correction = correctionSettings(args)
  const inputs = await openInputs(args)
  const { source } = inputs
  const evaluation = await openEvaluation(source, {
    ...args,
    ...inputs,
    correction,
    metrics,
    columns: output.columns,
    openEngine: () => openEngine({ device: args.device, threads, warn: log.warn }),
  })
  const { directions, engine, table } = evaluation
  const gates = args.failUnder.map(text => parseGate(text, { directions, metrics }))
  output.begin({ directions, table })

  const settings: Settings = {
    ...args,
    ks,
    metrics,
    qrelsFile: args.qrels,
    correction: correction && correctionProtocol(correction, args),
    engine,
  }
  const bar = progress({ unit: 'direction', total: directions.length })
  const evaluations: Evaluated[] = []
  const records: MetricRecord[] = []
  const add = async (...some: readonly MetricRecord[]) => {
    records.push(...some)
    for (const each of some) await output.add(each)
  }
  for await (const each of evaluation.evaluations(output.visit)) {
    evaluations.push(each)
    bar.update(evaluations.length)
    await add(evaluationRecord(each, settings), ...groupRecords(each, settings))
  }
  bar.stop()
  await evaluation.close()

  const mean = meanRecord(evaluations, settings)
  const pairs = args.metrics.includes('rsum') ? pairRecords(evaluations, settings) : []
  await add(...(mean ? [mean] : []), ...pairs)
  await output.finish({
    evaluations,
    records,
    mean,
    pairs,
    settings,
    provenance: provenance(source.schema.provenance, { ...record(), engine }, { noPg: !args.pg }),
    inputs: [source, inputs.other, inputs.bank].flatMap(each => each?.summaries() ?? []),
  })

  const cancelled = Math.max(...evaluations.map(({ opposed }) => opposed))
  if (cancelled > 0) log.warn(`${cancelled} enriched vectors cancel out: their first part stands`)
  if (evaluations.every(({ queries }) => queries === 0)) {
    log.note(`${source.name}: ${table.rows} rows, no query has a relevant entry`)
    return Exit.noRows
  }
  const short = missed(gates, records)
  if (short === undefined) return Exit.done
  log.note(short)
  return Exit.incomplete
}
