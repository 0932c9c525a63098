#!/usr/bin/env node
import { cat } from '../lib/cli/options/pcm-cat.js'
import { run } from '../lib/cli/run.js'
import { Exit } from '../lib/error.js'

run(cat, async (args, context) => {
  const { openSink } = await import('../lib/stream/sink.js')
  const { createStream } = await import('../lib/stream/write.js')
  const { provenance } = await import('../lib/stream/provenance.js')
  const { parseWhere } = await import('../lib/stream/where.js')
  const { openCat } = await import('../lib/streams/cat.js')
  const { writeRows } = await import('../lib/streams/write-rows.js')

  const where = args.where.map(parseWhere)
  const sink = await openSink(args.output, { binary: true })
  const stacked = await openCat(args.inputs, where)
  const output = createStream(sink, {
    ...stacked.schema,
    provenance: provenance(stacked.schema.provenance, context.record(), { noPg: !args.pg }),
  })
  const rows = await writeRows(output, stacked, context.progress({ unit: 'row' }))
  context.log.detail(`${rows} rows of ${args.inputs.length} streams`)
  return rows > 0 ? Exit.done : Exit.noRows
})
