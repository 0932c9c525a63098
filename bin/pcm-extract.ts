#!/usr/bin/env node
import { extract } from '../lib/cli/options/pcm-extract.js'
import { run } from '../lib/cli/run.js'
import { Exit, PcmError } from '../lib/error.js'

run(extract, async (args, context) => {
  const { openExtraction } = await import('../lib/extract/extract.js')
  const { checkResumable, openOutput, resumeOutput } =
    await import('../lib/extract/resume/open-output.js')
  const { optionsOf } = await import('../lib/extract/resume/identity.js')
  const { tellBadItems } = await import('../lib/extract/tell-bad-items.js')
  const { rowsPerBatch } = await import('../lib/stream/write.js')
  const { provenance } = await import('../lib/stream/provenance.js')

  if (args.resume) checkResumable(args.output)
  const extraction = await openExtraction({
    ...args,
    modalities: args.modality,
    columns: args.column,
    threads: context.threads,
    warn: context.log.warn,
  })
  const { modalities, others, total } = extraction
  const record = context.record()
  const schema = {
    content: 'features' as const,
    modalities,
    others,
    provenance: provenance([], record, { noPg: !args.pg }),
    metadata: new Map<string, string>(),
  }
  const identity = async () => ({
    'version of pcm': record.vn,
    '--seed': String(args.seed),
    '--no-pg': String(!args.pg),
    ...optionsOf(record.config ?? {}),
    ...(await extraction.identity()),
  })
  const output = args.resume
    ? await resumeOutput(args.output, schema, await identity())
    : await openOutput(args.output, schema)
  if (args.resume) context.signals.resumable()
  if (output.read > 0) context.log.note(`${output.read} of ${total} items were done before`)
  const progress = context.progress({ unit: 'item', total, before: output.read })
  const badItems = tellBadItems(context.log, args.onError)
  badItems.add(output.bad)
  try {
    for await (const batch of extraction.batches(rowsPerBatch(schema), output.read)) {
      await output.write(batch)
      badItems.add(batch.bad)
      progress.update(batch.read)
      if (args.resume && batch.read < total && context.signals.requested()) {
        const state = `stopped at ${batch.read} of ${total} items`
        throw new PcmError(state, { exit: Exit.requeue, hint: 'run again to go on' })
      }
    }
    await output.finish()
  } catch (error) {
    await output.abort()
    throw error
  } finally {
    progress.stop()
    await extraction.close()
  }
  context.log.detail(`${output.written()} of ${total} items, ${modalities.length} modalities`)
  return badItems.summary() > 0 ? Exit.incomplete : Exit.done
})
