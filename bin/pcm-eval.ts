#!/usr/bin/env node
import { evaluate } from '../lib/cli/options/pcm-eval.js'
import { run } from '../lib/cli/run.js'
import { badUsage, Exit } from '../lib/error.js'
import type { Evaluated } from '../lib/retrieve/evaluation.js'
import type { Where } from '../lib/stream/where.js'
import type { MetricRecord } from '../lib/retrieve/report/record.js'

run(evaluate, async (args, { log, progress, record, threads }) => {
  const { openStream } = await import('../lib/stream/read.js')
  const { parseWhere } = await import('../lib/stream/where.js')
  const { provenance } = await import('../lib/stream/provenance.js')
  const { openEvaluation } = await import('../lib/retrieve/evaluation.js')
  const { openReport } = await import('../lib/retrieve/report/report.js')
  const { correctionProtocol, correctionSettings } =
    await import('../lib/retrieve/hubness/settings.js')
  const { arraySource } = await import('../lib/retrieve/array-source.js')
  const { streamSource } = await import('../lib/retrieve/embedding-source.js')
  const { readQrels } = await import('../lib/retrieve/qrels.js')
  const { missed, parseGate } = await import('../lib/retrieve/gate.js')
  const { metricsOf } = await import('../lib/retrieve/metric.js')
  const { evaluationRecord, groupRecords, meanRecord, pairRecords } =
    await import('../lib/retrieve/report/record.js')
  const { evalTable } = await import('../lib/retrieve/report/eval-table.js')

  const where = args.where.map(parseWhere)
  const ks = [...new Set(args.k)].sort((a, b) => a - b)
  const correction = correctionSettings(args)
  if (args.vectors.length && (args.input !== '-' || where.length))
    throw badUsage('--vectors takes the place of a stream, and of --where')
  if (args.qrels !== undefined && args.positives.length)
    throw badUsage('--qrels and --positives both say what is relevant')
  const report = await openReport(args.output, args.format)
  try {
    const open = async (path: string, where: Where[] = []) =>
      streamSource(await openStream(path, { expect: ['embeddings'], where }))
    const source = args.vectors.length
      ? await arraySource(args.vectors, { judged: args.qrels !== undefined })
      : await open(args.input, where)
    const qrels = args.qrels === undefined ? undefined : await readQrels(args.qrels)
    const metrics = metricsOf(args.metrics, ks)
    const other = args.against === undefined ? undefined : await open(args.against, where)
    const bank = args.bank === undefined ? undefined : await open(args.bank)
    const evaluation = await openEvaluation(source, {
      ...args,
      qrels,
      other,
      bank,
      correction,
      metrics,
      openEngine: async () => {
        const { openEngine } = await import('../lib/engine/open.js')
        return openEngine({ device: args.device, threads, warn: log.warn })
      },
    })

    const gates = args.failUnder.map(text =>
      parseGate(text, { directions: evaluation.directions, metrics }),
    )
    const settings = {
      ...args,
      ks,
      metrics,
      qrelsFile: args.qrels,
      correction: correction && correctionProtocol(correction, args),
      engine: evaluation.engine,
    }
    const bar = progress({ unit: 'direction', total: evaluation.directions.length })
    const done: Evaluated[] = []
    const records: MetricRecord[] = []
    const add = async (record: MetricRecord) => {
      records.push(record)
      await report.add(record)
    }
    for await (const each of evaluation.evaluations()) {
      done.push(each)
      bar.update(done.length)
      await add(evaluationRecord(each, settings))
      for (const group of groupRecords(each, settings)) await add(group)
    }
    bar.stop()
    await evaluation.close()

    const mean = meanRecord(done, settings)
    if (mean) await add(mean)
    const pairs = args.metrics.includes('rsum') ? pairRecords(done, settings) : []
    for (const pair of pairs) await add(pair)
    const mine = { ...record(), engine: evaluation.engine }
    await report.finish({
      table: () => evalTable(done, { mean, pairs }, settings),
      provenance: provenance(source.schema.provenance, mine, { noPg: !args.pg }),
      inputs: [source, other, bank].flatMap(each => each?.summaries() ?? []),
    })

    const cancelled = Math.max(...done.map(({ opposed }) => opposed))
    if (cancelled > 0) log.warn(`${cancelled} enriched vectors cancel out: their first part stands`)
    if (done.every(({ queries }) => queries === 0)) {
      log.note(`${source.name}: ${evaluation.rows} rows, no query has a relevant entry`)
      return Exit.noRows
    }
    const short = missed(gates, records)
    if (short === undefined) return Exit.done
    log.note(short)
    return Exit.incomplete
  } catch (error) {
    await report.abort()
    throw error
  }
})
