import { openEngine } from '../../engine/open.js'
import { given, serve } from '../../threads/serve.js'
import { engineSimilarity } from '../engine-similarity.js'
import { tallyAlone, type Tally } from '../tally.js'
import { listAt, packLists, type Lists } from './lists.js'
import type { Done, Job, Start } from './messages.js'

/** A thread that tallies one block of queries after another, with an engine of its own. */
const start = given<Start>()
const { threads, dim } = start
const engine = await openEngine({ device: 'cpu', threads })
const similarity = await engineSimilarity({
  engine,
  dim,
  queries: start.queries,
  entries: Infinity,
  rough: true,
})

const relation = (lists: Lists) => ({ of: (q: number) => listAt(lists, q) })

/** The grades of a job's pairs. */
const gradeOf = ({ relevant, graded }: Job) =>
  graded && {
    ties: graded.ties,
    grade: (q: number, entry: number) =>
      graded.grades[relevant.offsets[q]! + listAt(relevant, q).indexOf(entry)]!,
  }

const work = async (job: Job): Promise<Done> => {
  const { first, relevant, excluded, queries, gallery, codes, maxNorm } = job
  const tallies: Tally[] = []
  for await (const each of tallyAlone({
    queries,
    gallery,
    codes,
    maxNorm,
    graded: gradeOf(job),
    relevant: relation(relevant),
    excluded: excluded && relation(excluded),
    similarity,
  }))
    tallies.push(each)
  return {
    first,
    greater: packLists(tallies.map(({ greater }) => greater)),
    equal: packLists(tallies.map(({ equal }) => equal)),
    ...(job.graded && { grades: Float64Array.from(tallies.flatMap(({ grades }) => [...grades!])) }),
  }
}

// Jobs come one at a time; what fails ends the thread, and the pool hears of it.
serve<Job>(async (job, port) => port.postMessage(await work(job)))
