#!/usr/bin/env node
import { train as spec } from '../lib/cli/options/pcm-train.js'
import { forgiving } from '../lib/cli/forgiving.js'
import { run } from '../lib/cli/run.js'
import { stopStatus } from '../lib/cli/stop-status.js'
import { Exit } from '../lib/error.js'

const offers = async () => (await import('../lib/coordinate/losses/offers.js')).termOffers()

run({ ...spec, offers }, async (args, context) => {
  if (args.list) {
    const { methodsLines, methodsList } = await import('../lib/coordinate/methods-list.js')
    const list = args.format === 'json' ? methodsLines : methodsList
    process.stdout.write(list(spec.recipes ?? {}))
    return Exit.done
  }
  const { openSink } = await import('../lib/stream/sink.js')
  const { openStream } = await import('../lib/stream/read.js')
  const { parseWhere } = await import('../lib/stream/where.js')
  const { provenance } = await import('../lib/stream/provenance.js')
  const { taskFrom } = await import('../lib/coordinate/arguments.js')
  const { checkpointsFrom } = await import('../lib/coordinate/checkpoint/open.js')
  const { loadModel, saveModel } = await import('../lib/coordinate/model-stream.js')
  const { openEngine } = await import('../lib/engine/open.js')
  const { train } = await import('../lib/coordinate/train.js')
  const { watch } = await import('../lib/coordinate/watch.js')

  const { log } = context
  const { forgive, tell } = forgiving(args.onError, log)
  const where = args.where.map(parseWhere)
  const init = args.init === undefined ? undefined : await loadModel(args.init)
  const teacher = args.teacher === undefined ? undefined : await loadModel(args.teacher)
  const task = taskFrom(args, init?.model, teacher?.model)
  const models = [init, teacher].flatMap(loaded => (loaded ? [loaded.summary] : []))
  const checkpoints = checkpointsFrom(args, context, models)
  const sink = await openSink(args.output, { binary: true })
  try {
    const input = await openStream(args.input, { expect: ['features'], where, forgive })
    const { threads } = context
    const engine = await openEngine({ device: args.device, threads, warn: log.warn })
    const watcher = watch(context, engine.description)
    const model = await train(input, engine, task, watcher, checkpoints).finally(async () => {
      watcher.stop()
      await engine.dispose()
    })
    if (!model) {
      await sink.abort()
      return checkpoints ? Exit.requeue : stopStatus(context.signals.requested())
    }
    const record = { ...context.record(), engine: engine.description }
    const chain = provenance(input.schema.provenance, record, { noPg: !args.pg })
    await saveModel(sink, model, chain, [input.summary(), ...models])
    return tell()
  } catch (error) {
    await sink.abort()
    throw error
  } finally {
    checkpoints?.close()
  }
})
