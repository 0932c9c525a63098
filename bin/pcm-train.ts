#!/usr/bin/env node
import { train as spec } from '../lib/cli/options/pcm-train.js'
import { run } from '../lib/cli/run.js'
import { Exit } from '../lib/error.js'

run(spec, async (args, context) => {
  const { openSink } = await import('../lib/stream/sink.js')
  const { openStream } = await import('../lib/stream/read.js')
  const { parseWhere } = await import('../lib/stream/where.js')
  const { provenance } = await import('../lib/stream/provenance.js')
  const { taskFrom } = await import('../lib/coordinate/arguments.js')
  const { loadModel, saveModel } = await import('../lib/coordinate/model-stream.js')
  const { openEngine } = await import('../lib/engine/open.js')
  const { train } = await import('../lib/coordinate/train.js')
  const { watch } = await import('../lib/coordinate/watch.js')

  const where = args.where.map(parseWhere)
  const init = args.init === undefined ? undefined : await loadModel(args.init)
  const task = taskFrom(args, init?.model)
  const sink = await openSink(args.output, { binary: true })
  try {
    const input = await openStream(args.input, { expect: ['features'], where })
    const { log, threads } = context
    const engine = await openEngine({ device: args.device, threads, warn: log.warn })
    const watcher = watch(context, engine.description)
    const model = await train(input, engine, task, watcher).finally(async () => {
      watcher.stop()
      await engine.dispose()
    })
    const signal = context.signals.requested()
    if (!model || signal) {
      await sink.abort()
      return signal === 'SIGINT' ? Exit.interrupted : Exit.terminated
    }
    const record = { ...context.record(), engine: engine.description }
    const chain = provenance(input.schema.provenance, record, { noPg: !args.pg })
    const read = [input.summary(), ...(init ? [init.summary] : [])]
    await saveModel(sink, model, chain, read)
    return Exit.done
  } catch (error) {
    await sink.abort()
    throw error
  }
})
