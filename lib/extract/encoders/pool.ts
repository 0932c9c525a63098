import { once } from 'node:events'
import type { PcmError } from '../../error.js'
import { reviveError } from '../../threads/sent-error.js'
import { Thread } from '../../threads/thread.js'
import type { ModalityAddress } from '../address.js'
import type { Raw } from './types.js'
import type { Answer, Job } from './worker.js'

/** Items sent to a thread at once: enough to hide the sending, few enough to share evenly. */
const ITEMS_A_JOB = 16

type Result = Float32Array | PcmError

interface Waiting {
  address: ModalityAddress
  items: readonly Raw[]
  resolve(results: Result[]): void
  reject(error: unknown): void
}

/** Threads that encode: each opens the encoders it is asked for, once. */
export interface Pool {
  encode(address: ModalityAddress, items: readonly Raw[]): Promise<Result[]>
  close(): Promise<void>
}

/** Threads start with the first job, one a free hand until there are `threads`. */
export function openPool(threads: number): Pool {
  const idle: Thread[] = []
  const all: Thread[] = []
  const queue: Waiting[] = []
  let closing = false

  const work = async (thread: Thread): Promise<void> => {
    const { worker } = thread
    worker.ref()
    for (let job = queue.shift(); job; job = queue.shift()) {
      const { address, items, resolve, reject } = job
      try {
        worker.postMessage({ address, items } satisfies Job)
        const [answer] = (await once(worker, 'message')) as [Answer]
        if ('bug' in answer) throw answer.bug
        if ('refused' in answer) throw reviveError(answer.refused)
        resolve(answer.results.map(one => (one instanceof Float32Array ? one : reviveError(one))))
      } catch (error) {
        if (!closing) reject(error)
      }
    }
    // An idle thread does not keep the process alive.
    worker.unref()
    idle.push(thread)
  }
  const dispatch = (): void => {
    while (queue.length > 0 && (idle.length > 0 || all.length < threads)) {
      void work(idle.pop() ?? start())
    }
  }
  const start = (): Thread => {
    const thread = new Thread(new URL('./worker.js', import.meta.url))
    all.push(thread)
    return thread
  }
  return {
    encode: async (address, items) => {
      const jobs: Promise<Result[]>[] = []
      for (let at = 0; at < items.length; at += ITEMS_A_JOB) {
        jobs.push(
          new Promise((resolve, reject) => {
            queue.push({ address, items: items.slice(at, at + ITEMS_A_JOB), resolve, reject })
          }),
        )
      }
      dispatch()
      return (await Promise.all(jobs)).flat()
    },
    close: async () => {
      closing = true
      queue.length = 0
      await Promise.all(all.map(thread => thread.end()))
    },
  }
}
