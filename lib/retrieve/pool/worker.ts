import { parentPort, workerData } from 'node:worker_threads'
import { openEngine } from '../../engine/open.js'
import { engineSimilarity } from '../engine-similarity.js'
import { tallyAlone, type Tally } from '../tally.js'
import { listAt, packLists, type Lists } from './lists.js'
import type { Done, Job, Start } from './messages.js'

/** A thread that tallies one block of queries after another, with an engine of its own. */
const { threads, dim, queries } = workerData as Start
const port = parentPort!
const engine = await openEngine({ device: 'cpu', threads })
const similarity = await engineSimilarity({ engine, dim, queries, entries: Infinity })

const relation = (lists: Lists) => ({ of: (q: number) => listAt(lists, q) })

const work = async ({ first, relevant, excluded, ...sides }: Job): Promise<Done> => {
  const tallies: Tally[] = []
  for await (const each of tallyAlone({
    ...sides,
    relevant: relation(relevant),
    excluded: excluded && relation(excluded),
    similarity,
  }))
    tallies.push(each)
  return {
    first,
    greater: packLists(tallies.map(({ greater }) => greater)),
    equal: packLists(tallies.map(({ equal }) => equal)),
  }
}

// Jobs come one at a time; what fails ends the thread, and the pool hears of it.
port.on('message', async (job: Job) => port.postMessage(await work(job)))
