import { embedBatches, embedderOf, planEmbedding } from '../../lib/coordinate/embed.js'
import type { Model } from '../../lib/coordinate/model.js'
import type { Engine } from '../../lib/engine/types.js'
import type { VectorColumn } from '../../lib/stream/types.js'
import { both } from '../engine/compute.js'
import { type Features, openFeatures } from './features.js'

/** The embeddings of all rows by modality; features are few enough for one batch. */
export async function embedded(
  given: Features,
  model: Model,
  engine: Engine = both().onnx,
): Promise<Record<string, VectorColumn>> {
  const stream = await openFeatures(given)
  const plan = planEmbedding(stream, model)
  const counts = { rows: 0, opposed: 0 }
  const embedder = embedderOf(engine, model)
  for await (const { modalities } of embedBatches(stream, model, embedder, plan, [], counts))
    return modalities as Record<string, VectorColumn>
  throw new Error('no rows')
}
