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
  const { writeRows } = await import('../lib/streams/write-rows.js')

  const where = args.where.map(parseWhere)
  const sink = await openSink(args.output, { binary: true })
  const joined = await openJoin(args.inputs, {
    where,
    memory: args.memory * 1e6,
  })
  const output = createStream(sink, {
    ...joined.schema,
    provenance: provenance(joined.schema.provenance, context.record(), { noPg: !args.pg }),
  })
  const rows = await writeRows(output, joined, context.progress({ unit: 'row' }))
  const count = joined.incomplete()
  if (count > 0) context.log.note(`${count} items are not in all of the streams`)
  return rows > 0 ? Exit.done : Exit.noRows
})
