#!/usr/bin/env node
import { forgiving } from '../lib/cli/forgiving.js'
import { embed } from '../lib/cli/options/pcm-embed.js'
import { run } from '../lib/cli/run.js'
import { Exit } from '../lib/error.js'

run(embed, async (args, context) => {
  const { openSink } = await import('../lib/stream/sink.js')
  const { openStream } = await import('../lib/stream/read.js')
  const { createStream } = await import('../lib/stream/write.js')
  const { provenance } = await import('../lib/stream/provenance.js')
  const { parseWhere } = await import('../lib/stream/where.js')
  const { loadModel } = await import('../lib/coordinate/model-stream.js')
  const { openEngine } = await import('../lib/engine/open.js')
  const { embedBatches, embeddingSchema, planEmbedding } =
    await import('../lib/coordinate/embed.js')
  const { parseEnrichment } = await import('../lib/coordinate/enrichment.js')

  const { forgive, tell } = forgiving(args.onError, context.log)
  const where = args.where.map(parseWhere)
  const sink = await openSink(args.output, { binary: true })
  const { model, summary } = await loadModel(args.model)
  const input = await openStream(args.input, { expect: ['features'], where, forgive })
  const plan = planEmbedding(input, model)
  if (plan.headless.length > 0)
    context.log.warn(`left out, since the model has no head for it: ${plan.headless.join(', ')}`)
  const enrichments = args.enrich.map(text => parseEnrichment(text, plan.fields))
  const { log, threads } = context
  const engine = await openEngine({ device: args.device, threads, warn: log.warn })
  const record = { ...context.record(), engine: engine.description }
  const output = createStream(sink, {
    content: 'embeddings',
    ...embeddingSchema(plan, enrichments, model.description.dim),
    provenance: provenance(input.schema.provenance, record, { noPg: !args.pg }),
    metadata: input.schema.metadata,
  })
  const counts = { rows: 0, opposed: 0 }
  const progress = context.progress({ unit: 'row' })
  try {
    const batches = embedBatches(input, model, engine, plan, enrichments, counts, args)
    for await (const batch of batches) {
      await output.write(batch)
      progress.update(counts.rows)
    }
    await output.finish([input.summary(), summary])
  } catch (error) {
    await output.abort()
    throw error
  } finally {
    progress.stop()
    await engine.dispose()
  }
  if (counts.opposed > 0)
    context.log.warn(`${counts.opposed} enriched rows cancel out: their first modality stands`)
  context.log.note(`${counts.rows} rows embedded by ${engine.description}`)
  const status = tell()
  return counts.rows > 0 ? status : Exit.noRows
})
