import { parentPort } from 'node:worker_threads'
import { openEngine } from '../../engine/open.js'
import type { Engine } from '../../engine/types.js'
import { PcmError } from '../../error.js'
import { sendError } from '../../threads/sent-error.js'
import { given, serve } from '../../threads/serve.js'
import { embedderOf } from '../embed.js'
import { modelFrom, modelMetadata } from '../model.js'
import type { Answer, Failed, Job, Ready, Start } from './messages.js'

/** A thread that embeds with an engine of its own, until it is ended. */
const { description, parameters, threads } = given<Start>()

const failed = (error: unknown): Failed =>
  error instanceof PcmError ? { refused: sendError(error) } : { bug: error }

const begin = (engine: Engine): void => {
  const rows = new Map(parameters.map(each => [each.name, each]))
  const embedder = embedderOf(engine, modelFrom('the model', modelMetadata(description), rows))
  // The embedder takes one job after the other, so answers keep their order.
  serve<Job>(async ({ name, values, offsets }, port) => {
    try {
      const embeddings = offsets
        ? await embedder.embedTokens(name, values as Float32Array, offsets)
        : await embedder.embed(name, values)
      const memory = values.buffer as ArrayBuffer
      const answer: Answer = { embeddings, memory }
      port.postMessage(answer, [memory, embeddings.buffer as ArrayBuffer])
    } catch (error) {
      port.postMessage(failed(error))
    }
  })
  parentPort!.postMessage({ engine: engine.description } satisfies Ready)
}

await openEngine({ device: 'cpu', threads }).then(begin, error =>
  parentPort!.postMessage(failed(error)),
)
