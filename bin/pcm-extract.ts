#!/usr/bin/env node
import { extract } from '../lib/cli/options/pcm-extract.js'
import { run } from '../lib/cli/run.js'
import { Exit } from '../lib/error.js'

run(extract, async (args, context) => {
  const { openExtraction } = await import('../lib/extract/extract.js')
  const { tellBadItems } = await import('../lib/extract/tell-bad-items.js')
  const { openSink } = await import('../lib/stream/sink.js')
  const { createStream, rowsPerBatch } = await import('../lib/stream/write.js')
  const { provenance } = await import('../lib/stream/provenance.js')

  const sink = await openSink(args.output, { binary: true })
  const extraction = await openExtraction({
    ...args,
    modalities: args.modality,
    columns: args.column,
    threads: context.threads,
    warn: context.log.warn,
  })
  const { modalities, others, total } = extraction
  const schema = {
    content: 'features' as const,
    modalities,
    others,
    provenance: provenance([], context.record(), { noPg: !args.pg }),
    metadata: new Map<string, string>(),
  }
  const stream = createStream(sink, schema)
  const progress = context.progress({ unit: 'item', total })
  const badItems = tellBadItems(context.log, args.onError)
  let written = 0
  try {
    for await (const { read, bad, ...batch } of extraction.batches(rowsPerBatch(schema))) {
      if (batch.rows > 0) await stream.write(batch)
      written += batch.rows
      badItems.add(bad)
      progress.update(read)
    }
    await stream.finish()
  } catch (error) {
    await stream.abort()
    throw error
  } finally {
    progress.stop()
    await extraction.close()
  }
  context.log.detail(`${written} of ${total} items, ${modalities.length} modalities`)
  return badItems.summary() > 0 ? Exit.incomplete : Exit.done
})
