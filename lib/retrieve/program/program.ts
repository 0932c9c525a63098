import type { Context } from '../../cli/context.js'
import type { evaluate } from '../../cli/options/pcm-eval.js'
import type { Arguments } from '../../cli/program.js'
import { Exit, type ExitStatus } from '../../error.js'
import { provenance } from '../../stream/provenance.js'
import type { Evaluated } from '../evaluation.js'
import { missed, parseGate } from '../gate.js'
import {
  evaluationRecord,
  groupRecords,
  meanRecord,
  pairRecords,
  type MetricRecord,
} from '../report/record.js'
import { checkMrv, mrvRecords } from '../report/mrv-records.js'
import { sweepRecords } from '../report/sweep-records.js'
import type { Together } from './output.js'
import { openOutputs } from './outputs.js'
import { openWork } from './work.js'

export type EvalArguments = Arguments<typeof evaluate>

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
  output: Together,
  args: EvalArguments,
  context: Context,
): Promise<ExitStatus> => {
  const { log, progress, record } = context
  const { name, chain, evaluation, settings, summaries } = await openWork(args, output, context)
  const { directions, engine } = evaluation
  const gates = args.failUnder.map(text => parseGate(text, { ...settings, directions }))
  checkMrv(args.mrv, directions)
  output.begin(evaluation)

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
  const sweeps = sweepRecords(evaluation.sweeps, evaluations, settings)
  const variances = mrvRecords(args.mrv, evaluations, settings)
  await add(...(mean ? [mean] : []), ...pairs, ...sweeps, ...variances)
  await output.finish({
    evaluations,
    records,
    mean,
    pairs,
    sweeps: evaluation.sweeps,
    variances,
    settings,
    provenance: provenance(chain, { ...record(), engine }, { noPg: !args.pg }),
    inputs: summaries(),
  })

  const cancelled = Math.max(...evaluations.map(({ opposed }) => opposed))
  if (cancelled > 0) log.warn(`${cancelled} enriched vectors cancel out: their first part stands`)
  if (evaluations.every(({ queries }) => queries === 0)) {
    log.note(`${name}: ${evaluation.rows} rows, no query has a relevant entry`)
    return Exit.noRows
  }
  const short = missed(gates, records)
  if (short === undefined) return Exit.done
  log.reason(short)
  return Exit.incomplete
}
