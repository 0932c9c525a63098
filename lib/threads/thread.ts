import { SHARE_ENV, Worker } from 'node:worker_threads'
import { BUSY, type Flags, newFlags, STOP } from './flags.js'

/** Milliseconds that a thread may go on with what it is at when it is to end. */
const MOST_MS = 10_000

/** What `served` of serve.ts finds in the thread. */
export interface ThreadData {
  flags: Flags
  data: unknown
}

/**
 * A thread that ends between two pieces of work: native code that comes back to a thread that was
 * terminated takes the whole process with it (SIGABRT, onnxruntime-node), however the process ends.
 * Its environment is that of the process, so that what it sets there native code sees.
 */
export class Thread {
  readonly worker: Worker
  private readonly flags = newFlags()

  /** `module` calls serve. */
  constructor(module: URL, data?: unknown) {
    const workerData: ThreadData = { flags: this.flags, data }
    this.worker = new Worker(module, { workerData, env: SHARE_ENV })
    if (running.size === 0) process.on('exit', haltAll)
    running.add(this)
    this.worker.once('exit', () => this.forget())
  }

  async end(): Promise<void> {
    this.halt()
    await this.worker.terminate()
  }

  /** Waits for the end of the work at hand; no other begins. */
  halt(): void {
    Atomics.store(this.flags, STOP, 1)
    const end = performance.now() + MOST_MS
    for (;;) {
      const busy = Atomics.load(this.flags, BUSY)
      const left = end - performance.now()
      if (busy <= 0 || left <= 0) return
      Atomics.wait(this.flags, BUSY, busy, left)
    }
  }

  private forget(): void {
    Atomics.store(this.flags, BUSY, 0)
    running.delete(this)
    if (running.size === 0) process.off('exit', haltAll)
  }
}

const running = new Set<Thread>()

const haltAll = (): void => {
  for (const thread of running) thread.halt()
}
