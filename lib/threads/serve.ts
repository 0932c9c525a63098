import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { BUSY, STOP } from './flags.js'
import type { ThreadData } from './thread.js'

/** What Thread gave this thread. */
export const given = <T>(): T => (workerData as ThreadData).data as T

/**
 * Called once, by the module of a Thread, when it is ready: from then on each message is handled, as
 * one piece of work.
 */
export function serve<T>(handle: (message: T, port: MessagePort) => Promise<void>): void {
  const { flags } = workerData as ThreadData
  const port = parentPort!
  const done = (): void => {
    Atomics.sub(flags, BUSY, 1)
    Atomics.notify(flags, BUSY)
  }
  port.on('message', async (message: T) => {
    Atomics.add(flags, BUSY, 1)
    try {
      if (Atomics.load(flags, STOP) === 0) await handle(message, port)
    } finally {
      done()
    }
  })
  done()
}
