import { type EngineOptions, isForCpu, openEngine } from '../engine/open.js'
import { embedderOf } from './embed.js'
import type { Embeds } from './embedder.js'
import { EmbedderThread } from './embedder-thread/thread.js'
import type { Model } from './model.js'

export interface OpenEmbedder {
  embedder: Embeds
  /** Of the engine, for people and for the provenance. */
  description: string
  close(): Promise<void>
}

/** Opens what embeds with a model: on the processor in a thread of its own, on a GPU in this one. */
export async function openEmbedder(
  model: Model,
  options: EngineOptions & { threads: number },
): Promise<OpenEmbedder> {
  if (isForCpu(options)) {
    const embedder = await EmbedderThread.open(model, options.threads)
    return { embedder, description: embedder.description, close: () => embedder.close() }
  }
  const engine = await openEngine(options)
  return {
    embedder: embedderOf(engine, model),
    description: engine.description,
    close: () => engine.dispose(),
  }
}
