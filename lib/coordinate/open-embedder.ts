import { type EngineOptions, isForCpu, openEngine } from '../engine/open.js'
import { embedderOf } from './embed.js'
import type { Embeds } from './embedder.js'
import { EmbedderThread } from './embedder-thread/thread.js'
import type { Layout } from './layout.js'
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
    const embedder = await EmbedderThread.open(model, coresFor(model.layout, options.threads))
    return { embedder, description: embedder.description, close: () => embedder.close() }
  }
  const engine = await openEngine(options)
  return {
    embedder: embedderOf(engine, model),
    description: engine.description,
    close: () => engine.dispose(),
  }
}

/**
 * Multiplications for every byte read or written from which on arithmetic takes longer than all the
 * rest does (one core of a Xeon with AVX-512 for each).
 */
const HEAVY = 128

/** Cores for the arithmetic: one is left to reading, checking and writing where these take as long. */
export function coresFor({ heads, slots }: Layout, threads: number): number {
  const weighing = heads.filter(({ head }) => head.takes === 'vectors')
  const names = new Set(weighing.map(({ name }) => name))
  const bytes = weighing.reduce((sum, { size }) => sum + 4 * (size.input + size.output), 0)
  const products = slots
    .filter(({ path, shape }) => shape.length === 2 && names.has(path.slice(0, path.indexOf('/'))))
    .reduce((sum, { size }) => sum + size, 0)
  return products > HEAVY * bytes ? threads : Math.max(1, threads - 1)
}
