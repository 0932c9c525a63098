#!/usr/bin/env node
import { join } from '../lib/cli/options/pcm-join.js'
import { run } from '../lib/cli/run.js'
import { Exit } from '../lib/error.js'

run(join, async (args, context) => {
  const { openSink } = await import('../lib/stream/sink.js')
  const { createStream } = await import('../lib/stream/write.js')
  const { provenance } = await import('../lib/stream/provenance.js')
  const { parseWhere } = await import('../lib/stream/where.js')
  const { openJoin } = await import('../lib/streams/join.js')

  const where = args.where.map(parseWhere)
  const sink = await openSink(args.output, { binary: true })
  const { schema, batches, summaries, incomplete } = await openJoin(args.inputs, {
    where,
    memory: args.memory * 1e6,
  })
  const output = createStream(sink, {
    ...schema,
    provenance: provenance(schema.provenance, context.record(), { noPg: !args.pg }),
  })
  const progress = context.progress({ unit: 'row' })
  let rows = 0
  try {
    for await (const batch of batches()) {
      await output.write({ rows: batch.rows, from: batch })
      progress.update((rows += batch.rows))
    }
    await output.finish(summaries())
  } catch (error) {
    await output.abort()
    throw error
  } finally {
    progress.stop()
  }
  const count = incomplete()
  if (count > 0) context.log.note(`${count} items are not in all of the streams`)
  return rows > 0 ? Exit.done : Exit.noRows
})
