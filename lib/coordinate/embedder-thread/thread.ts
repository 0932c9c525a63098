import { once } from 'node:events'
import type { Numbers } from '../../engine/types.js'
import { reviveError } from '../../threads/sent-error.js'
import { Thread } from '../../threads/thread.js'
import { type Embeds, takesTokens } from '../embedder.js'
import type { Layout } from '../layout.js'
import { type Model, parametersOfModel } from '../model.js'
import type { Answer, Failed, Job, Ready, Start } from './messages.js'

interface Waiting {
  resolve(embeddings: Float32Array): void
  reject(error: unknown): void
}

/**
 * Embeds in another thread: onnxruntime-node computes in the thread that asks it to, which meanwhile
 * can neither read nor write.
 */
export class EmbedderThread implements Embeds {
  private readonly waiting: Waiting[] = []
  /** Memory that came back, to send the next values in. */
  private spare: ArrayBuffer[] = []

  private constructor(
    private readonly thread: Thread,
    private readonly layout: Layout,
    /** Of the engine that computes there. */
    readonly description: string,
  ) {
    thread.worker.on('message', (answer: Answer) => this.settle(answer))
    thread.worker.on('error', error => {
      for (const { reject } of this.waiting.splice(0)) reject(error)
    })
  }

  static async open(model: Model, threads: number): Promise<EmbedderThread> {
    const parameters = parametersOfModel(model)
    const start: Start = { description: model.description, parameters, threads }
    const thread = new Thread(new URL('./worker.js', import.meta.url), start)
    const [ready] = (await once(thread.worker, 'message')) as [Ready]
    if (!('engine' in ready)) throw errorOf(ready)
    return new EmbedderThread(thread, model.layout, ready.engine)
  }

  takesTokens(name: string): boolean {
    return takesTokens(this.layout, name)
  }

  embed(name: string, values: Numbers): Promise<Float32Array> {
    return this.ask({ name, values: this.copy(values) })
  }

  embedTokens(name: string, values: Float32Array, offsets: Int32Array): Promise<Float32Array> {
    return this.ask({ name, values: this.copy(values), offsets })
  }

  async close(): Promise<void> {
    await this.thread.end()
  }

  private ask(job: Job): Promise<Float32Array> {
    this.thread.worker.postMessage(job, [job.values.buffer as ArrayBuffer])
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }))
  }

  private settle(answer: Answer): void {
    const { resolve, reject } = this.waiting.shift()!
    if (!('embeddings' in answer)) return reject(errorOf(answer))
    this.spare.push(answer.memory)
    resolve(answer.embeddings)
  }

  /** What the caller has stays the caller's. */
  private copy(values: Numbers): Numbers {
    const at = this.spare.findIndex(({ byteLength }) => byteLength >= values.byteLength)
    const [memory = new ArrayBuffer(values.byteLength)] = at < 0 ? [] : this.spare.splice(at, 1)
    // What is too small now will be so again.
    if (at < 0) this.spare = []
    const copied =
      values instanceof Int32Array
        ? new Int32Array(memory, 0, values.length)
        : new Float32Array(memory, 0, values.length)
    copied.set(values)
    return copied
  }
}

const errorOf = (failed: Failed): unknown =>
  'refused' in failed ? reviveError(failed.refused) : failed.bug
