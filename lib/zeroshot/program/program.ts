import type { Context } from '../../cli/context.js'
import type { zeroshot } from '../../cli/options/pcm-zeroshot.js'
import type { Arguments } from '../../cli/program.js'
import { openEngine } from '../../engine/open.js'
import { badUsage, Exit, type ExitStatus } from '../../error.js'
import { missed } from '../../retrieve/gate.js'
import type { MetricRecord } from '../../retrieve/report/record.js'
import { provenance } from '../../stream/provenance.js'
import type { ProvenanceRecord } from '../../stream/types.js'
import { parseWhere } from '../../stream/where.js'
import { describe, makePrototypes } from '../prototypes/make.js'
import { writeConfusion } from '../report/confusion.js'
import type { Settings } from '../report/protocol.js'
import { classRecords, summaryLine, zeroshotRecord } from '../report/record.js'
import { writeReliability } from '../report/reliability.js'
import { zeroshotTable } from '../report/table.js'
import { openZeroshot, type Zeroshot } from '../zeroshot.js'
import { checkLabels } from './check-labels.js'
import { zeroshotGates } from './gates.js'
import { openOutput, type Output } from './outputs.js'

type ZeroshotArguments = Arguments<typeof zeroshot>

/** pcm-zeroshot: makes prototypes, or classifies and says how well. */
export const runZeroshot = async (
  args: ZeroshotArguments,
  context: Context,
): Promise<ExitStatus> => {
  if (args.reliability !== undefined && args.temperature === undefined)
    throw badUsage(
      '--reliability is about confidence, which needs a --temperature',
      'such as 0.01, or 1 divided by the scale that pcm-train learned',
    )
  const chain = (previous: readonly ProvenanceRecord[]) =>
    provenance(previous, context.record(), { noPg: !args.pg })
  if (args.prototypes) return writeThePrototypes(args, context, chain)
  const output = await openOutput(args)
  try {
    return await classifyInto(output, args, context, chain)
  } catch (error) {
    await output.abort()
    throw error
  }
}

type Chain = (previous: readonly ProvenanceRecord[]) => ProvenanceRecord[]

const writeThePrototypes = async (
  args: ZeroshotArguments,
  { log }: Context,
  chain: Chain,
): Promise<ExitStatus> => {
  const { classes, predictions, modality, unseen, separator, temperature, bootstrap } = args
  const measured = [classes, unseen, separator, temperature, bootstrap, args.confusion]
  if (predictions || args.perClass || measured.some(value => value !== undefined))
    throw badUsage('--prototypes classifies nothing, so it measures and predicts nothing, either')
  if (modality.length > 0)
    throw badUsage(
      '--prototypes classifies nothing, so there is no --modality',
      'name what to make them of with --class-modality',
    )
  const where = args.where.map(parseWhere)
  log.note(describe(await makePrototypes({ ...args, where }, chain)))
  return Exit.done
}

const classifyInto = async (
  output: Output,
  args: ZeroshotArguments,
  { log, progress, threads }: Context,
  chain: Chain,
): Promise<ExitStatus> => {
  const ks = [...new Set(args.k)].sort((a, b) => a - b)
  const work = await openZeroshot({
    ...args,
    ks,
    modalities: args.modality,
    where: args.where.map(parseWhere),
    openEngine: () => openEngine({ device: args.device, threads, warn: log.warn }),
  })
  const gates = zeroshotGates(args.failUnder, work, ks)
  output.start(work, chain(work.stream.schema.provenance))

  const bar = progress({ unit: 'row' })
  let rows = 0
  for await (const classified of work.classified()) {
    await output.batch(classified)
    bar.update((rows += classified.batch.rows))
  }
  bar.stop()
  await work.close()

  const warning = checkLabels(work, args)
  const settings: Settings = { ...args, ks }
  const records = recordsOf(work, args.perClass, settings)
  if (args.confusion !== undefined) await writeConfusion(args.confusion, args.confusionForm, work)
  if (args.reliability !== undefined) await writeReliability(args.reliability, work)
  await output.finish(records, () => zeroshotTable(records, work, settings))

  for (const each of records) log.event('metrics', each)
  const whole = records.filter(record => !('by' in record))
  if (args.predictions && work.plan.truth) for (const each of whole) log.note(summaryLine(each))
  if (warning !== undefined) log.warn(warning)
  if (work.vectors() === 0) {
    log.note(`${work.stream.name}: ${rows} rows, no vector to classify`)
    return Exit.noRows
  }
  const short = missed(gates, records, 'modality')
  if (short !== undefined) log.reason(short)
  return warning === undefined && short === undefined ? Exit.done : Exit.incomplete
}

const recordsOf = (work: Zeroshot, perClass: boolean, settings: Settings): MetricRecord[] =>
  [...work.meters.keys()].flatMap(name => [
    zeroshotRecord(name, work, settings),
    ...(perClass ? classRecords(name, work, settings) : []),
  ])
