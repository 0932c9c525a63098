#!/usr/bin/env node
import { info } from '../lib/cli/options/pcm-info.js'
import { run } from '../lib/cli/run.js'
import { Exit } from '../lib/error.js'

run(info, async (args, context) => {
  const { openSink } = await import('../lib/stream/sink.js')
  const { openStream } = await import('../lib/stream/read.js')
  const { parseWhere } = await import('../lib/stream/where.js')
  const { inspect } = await import('../lib/streams/info.js')
  const { infoRecord, infoTable } = await import('../lib/streams/info-report.js')

  const where = args.where.map(parseWhere)
  const sink = await openSink(args.output, { binary: false })
  const progress = context.progress({ unit: 'row' })
  try {
    const stream = await openStream(args.input, { where })
    const found = await inspect(stream, rows => progress.update(rows), args)
    const text =
      args.format === 'json' ? `${JSON.stringify(infoRecord(found))}\n` : infoTable(found)
    await sink.write(Buffer.from(text))
    await sink.finish()
    if (found.problem) throw found.problem
    return found.rows > 0 ? Exit.done : Exit.noRows
  } catch (error) {
    await sink.abort()
    throw error
  } finally {
    progress.stop()
  }
})
