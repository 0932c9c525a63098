#!/usr/bin/env node
import { forgiving } from '../lib/cli/forgiving.js'
import { embed } from '../lib/cli/options/pcm-embed.js'
import { run } from '../lib/cli/run.js'
import { Exit } from '../lib/error.js'

run(embed, async (args, context) => {
  const { openSink } = await import('../lib/stream/sink.js')
  const { openStream } = await import('../lib/stream/read.js')
  const { ahead } = await import('../lib/stream/ahead.js')
  const { createStream } = await import('../lib/stream/write.js')
  const { provenance } = await import('../lib/stream/provenance.js')
  const { parseWhere } = await import('../lib/stream/where.js')
  const { loadModel } = await import('../lib/coordinate/model-stream.js')
  const { openEmbedder } = await import('../lib/coordinate/open-embedder.js')
  const { embedBatches, embeddingSchema, planEmbedding } =
    await import('../lib/coordinate/embed.js')
  const { parsePerturbations, spoiling } = await import('../lib/coordinate/perturb.js')
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
  const perturbations = parsePerturbations(args.perturb, plan.modalities)
  const { log, threads } = context
  const options = { device: args.device, threads, warn: log.warn }
  const { embedder, description, close } = await openEmbedder(model, options)
  const record = { ...context.record(), engine: description }
  const output = createStream(sink, {
    content: 'embeddings',
    ...embeddingSchema(plan, enrichments, model.description.dim),
    provenance: provenance(input.schema.provenance, record, { noPg: !args.pg }),
    metadata: input.schema.metadata,
  })
  const counts = { rows: 0, opposed: 0 }
  const progress = context.progress({ unit: 'row' })
  try {
    const batches = embedBatches(input, model, embedder, plan, enrichments, counts, {
      codes: args.codes,
      spoil: spoiling(perturbations, model.statistics, args.seed),
    })
    for await (const batch of ahead(batches)) {
      await output.write(batch)
      progress.update(counts.rows)
    }
    await output.finish([input.summary(), summary])
  } catch (error) {
    await output.abort()
    throw error
  } finally {
    progress.stop()
    await close()
  }
  if (counts.opposed > 0)
    context.log.warn(`${counts.opposed} enriched rows cancel out: their first modality stands`)
  context.log.note(`${counts.rows} rows embedded by ${description}`)
  const status = tell()
  return counts.rows > 0 ? status : Exit.noRows
})
