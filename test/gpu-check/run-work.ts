import { Trainer } from '../../lib/coordinate/trainer.js'
import type { Engine } from '../../lib/engine/types.js'
import type { Work } from './work.js'

/** What a training left behind. */
export interface Outcome {
  /** Numbers per embedding. */
  dim: number
  /** Loss of every step. */
  losses: number[]
  /** Time of every step, ms. */
  times: number[]
  /** Parameters and log scales after the last step, by group. */
  learned: Record<string, Float32Array>
  /** Unit embeddings of all items, by modality. */
  embeddings: Record<string, Float32Array>
  /** Time of embedding all items, ms. */
  embedding: number
}

/** Trains from the start and embeds the training data. */
export async function runWork(engine: Engine, work: Work): Promise<Outcome> {
  const { data, rows, layout, settings, initial } = work
  const trainer = await Trainer.start(engine, data, rows, layout, settings, initial)
  const losses: number[] = []
  const times: number[] = []
  let last = performance.now()
  for (let epoch = 0; epoch < settings.epochs; epoch++)
    await trainer.epoch(loss => {
      const now = performance.now()
      losses.push(loss)
      times.push(now - last)
      last = now
      return true
    })
  const { values, logScale } = await trainer.learned()
  const start = performance.now()
  const embeddings: Record<string, Float32Array> = {}
  for (const [name, modality] of Object.entries(data.modalities))
    embeddings[name] = await trainer.embedder.embed(
      name,
      modality.type === 'codes' ? modality.codes : (modality.values as Float32Array),
    )
  const embedding = performance.now() - start
  trainer.dispose()
  return {
    dim: settings.dim,
    losses,
    times,
    learned: { ...values, logScale },
    embeddings,
    embedding,
  }
}
