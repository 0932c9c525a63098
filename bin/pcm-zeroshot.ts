#!/usr/bin/env node
import { zeroshot } from '../lib/cli/options/pcm-zeroshot.js'
import { run } from '../lib/cli/run.js'
import { badUsage, Exit } from '../lib/error.js'
import type { ProvenanceRecord } from '../lib/stream/types.js'

run(zeroshot, async (args, { log, progress, record, threads }) => {
  const { parseWhere } = await import('../lib/stream/where.js')
  const { provenance } = await import('../lib/stream/provenance.js')
  const { openOutput } = await import('../lib/zeroshot/output.js')
  const { openZeroshot } = await import('../lib/zeroshot/zeroshot.js')
  const { writeConfusion } = await import('../lib/zeroshot/confusion.js')
  const { checkLabels } = await import('../lib/zeroshot/check-labels.js')
  const { summaryLine, zeroshotRecord } = await import('../lib/zeroshot/record.js')
  const { zeroshotTable } = await import('../lib/zeroshot/table.js')

  const where = args.where.map(parseWhere)
  const chain = (previous: readonly ProvenanceRecord[]) =>
    provenance(previous, record(), { noPg: !args.pg })
  if (args.prototypes) {
    if (args.classes !== undefined || args.predictions || args.modality.length)
      throw badUsage(
        '--prototypes classifies nothing, so it goes without --classes, --modality and --predictions',
      )
    const { describe, makePrototypes } = await import('../lib/zeroshot/prototypes/make.js')
    log.note(describe(await makePrototypes({ ...args, where }, chain)))
    return Exit.done
  }

  const output = await openOutput(args)
  try {
    const work = await openZeroshot({
      ...args,
      modalities: args.modality,
      where,
      openEngine: async () => {
        const { openEngine } = await import('../lib/engine/open.js')
        return openEngine({ device: args.device, threads, warn: log.warn })
      },
    })
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
    const accuracies = new Map(
      [...work.counters].map(([name, counter]) => [name, counter.result()]),
    )
    const records = [...accuracies].map(([name, accuracy]) =>
      zeroshotRecord(name, accuracy, work, args),
    )
    if (args.confusion !== undefined) await writeConfusion(args.confusion, work)
    await output.finish(records, () => zeroshotTable(records, [...accuracies.values()], work))

    for (const each of records) log.event('metrics', each)
    if (args.predictions && work.plan.truth) for (const each of records) log.note(summaryLine(each))
    if (warning !== undefined) log.warn(warning)
    if (work.vectors() > 0) return warning === undefined ? Exit.done : Exit.incomplete
    log.note(`${work.stream.name}: ${rows} rows, no vector to classify`)
    return Exit.noRows
  } catch (error) {
    await output.abort()
    throw error
  }
})
