import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { Thread } from '../../threads/thread.js'
import type { Tally, TallyTask } from '../tally.js'
import { largestNorm, type Vectors } from '../vectors.js'
import { MOST_ENTRIES } from '../engine-similarity.js'
import { codeGallery } from '../rough/codes.js'
import { listAt, relatedTo, type Lists } from './lists.js'
import type { Done, Job, Start } from './messages.js'

/** Queries of a job: many enough for a good product, few enough to end together. */
const QUERIES = 512
/** Each thread takes memory for an engine; more cores than this share theirs. */
const MOST_THREADS = 8

/** Threads that tally, each with an engine on cores of its own, so that none waits for another. */
export interface Pool {
  tally(task: TallyTask): AsyncGenerator<Tally>
  close(): Promise<void>
}

export const openPool = ({ cores, dim }: { cores: number; dim: number }): Pool => {
  const size = Math.min(cores, MOST_THREADS)
  const start: Start = { threads: Math.floor(cores / size), dim, queries: QUERIES }
  const threads = Array.from(
    { length: size },
    () => new Thread(new URL('./worker.js', import.meta.url), start),
  )
  return {
    async *tally(task) {
      const maxNorm = Math.max(largestNorm(task.queries), largestNorm(task.gallery))
      const gallery = inSharedMemory(task.gallery)
      const shared = { ...task, gallery, codes: codeGallery(gallery, MOST_ENTRIES), maxNorm }
      const left = jobs(shared)
      const next = (worker: Worker) => {
        const job = left.next().value
        return job && ask(worker, job)
      }
      // Every thread works on one job; the oldest is waited for first, so answers come in order.
      const asked = threads.map(({ worker }) => ({ worker, answer: next(worker) }))
      for (let at = 0; asked[at]?.answer; at = (at + 1) % size) {
        const { first, greater, equal, grades } = await asked[at]!.answer!
        asked[at]!.answer = next(asked[at]!.worker)
        for (let q = 0; q < greater.offsets.length - 1; q++)
          yield {
            query: first + q,
            greater: listAt(greater, q),
            equal: listAt(equal, q),
            ...(grades && { grades: listAt({ ...greater, values: grades }, q) }),
          }
      }
    },
    async close() {
      await Promise.all(threads.map(thread => thread.end()))
    },
  }
}

/** An error of the thread rejects the promise. */
const ask = async (worker: Worker, { ...job }: Job): Promise<Done> => {
  const { buffer } = job.queries.values
  worker.postMessage(job, [buffer as ArrayBuffer])
  const [done] = (await once(worker, 'message')) as [Done]
  return done
}

function* jobs({
  queries,
  gallery,
  relevant,
  excluded,
  graded,
  codes,
  maxNorm,
}: TallyTask & Pick<Job, 'codes' | 'maxNorm'>): Generator<Job, undefined> {
  for (let first = 0; first < queries.count; first += QUERIES) {
    const count = Math.min(QUERIES, queries.count - first)
    const { dim } = queries
    const related = relatedTo(relevant, first, count)
    yield {
      first,
      queries: { count, dim, values: queries.values.slice(first * dim, (first + count) * dim) },
      gallery,
      codes,
      maxNorm,
      relevant: related,
      ...(excluded && { excluded: relatedTo(excluded, first, count) }),
      ...(graded && {
        graded: {
          ties: graded.ties,
          grades: gradesOf(related, (q, e) => graded.grade(first + q, e)),
        },
      }),
    }
  }
}

const gradesOf = (related: Lists, grade: (q: number, entry: number) => number): Float64Array => {
  const lists = Array.from({ length: related.offsets.length - 1 }, (_, q) => listAt(related, q))
  return Float64Array.from(lists.flatMap((list, q) => Array.from(list, entry => grade(q, entry))))
}

const inSharedMemory = ({ count, dim, values }: Vectors): Vectors => {
  const shared = new Float32Array(new SharedArrayBuffer(4 * count * dim))
  shared.set(values.subarray(0, count * dim))
  return { count, dim, values: shared }
}
