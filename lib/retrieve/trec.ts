import { openSink } from '../stream/sink.js'
import type { DirectionTask } from './direction-task.js'
import { topEntries } from './top.js'

/** How long the lists are, as is usual with TREC. */
const DEPTH = 1000

/** Writes a run, `QUERY Q0 DOCUMENT RANK SCORE pcm`: the best 1000 of the gallery for every query. */
export const writeRun = async (path: string, task: DirectionTask): Promise<void> => {
  const { query, gallery, excluded, similarity } = task
  const queries = names(task.ids(query))
  const documents = names(task.ids(gallery))
  let most = 0
  for (let q = 0; excluded && q < queries.length; q++) most = Math.max(most, excluded.of(q).length)
  const tops = topEntries({
    queries: query.vectors,
    gallery: gallery.vectors,
    k: DEPTH + most,
    similarity,
  })
  await write(path, async function* () {
    for await (const top of tops) {
      const out = excluded?.of(top.query)
      const places = [...top.entries.keys()].filter(i => !out?.includes(top.entries[i]!))
      yield places.slice(0, DEPTH).map((at, i) => {
        const document = documents[top.entries[at]!]!
        return `${queries[top.query]!} Q0 ${document} ${i + 1} ${top.scores[at]!} pcm\n`
      })
    }
  })
}

/** Writes qrels, `QUERY 0 DOCUMENT GRADE`, for all that is relevant; without grades it is 1. */
export const writeQrels = async (path: string, task: DirectionTask): Promise<void> => {
  const documents = names(task.ids(task.gallery))
  const queries = names(task.ids(task.query))
  await write(path, async function* () {
    for (const [q, name] of queries.entries()) {
      const out = task.excluded?.of(q)
      yield Array.from(task.relevant.of(q))
        .filter(entry => !out?.includes(entry))
        .map(entry => `${name} 0 ${documents[entry]!} ${task.grade?.(q, entry) ?? 1}\n`)
    }
  })
}

const write = async (path: string, lines: () => AsyncGenerator<string[]>): Promise<void> => {
  const sink = await openSink(path, { binary: false })
  try {
    for await (const some of lines()) await sink.write(Buffer.from(some.join('')))
    await sink.finish()
  } catch (error) {
    await sink.abort()
    throw error
  }
}

/** Words without spaces, one an entry: the second view of an item `a` is `a#2`. */
const names = (ids: readonly string[]): string[] => {
  const seen = new Map<string, number>()
  return ids.map(id => {
    const nth = (seen.get(id) ?? 0) + 1
    seen.set(id, nth)
    const word = id.replace(/\s/g, encodeURIComponent)
    return nth === 1 ? word : `${word}#${nth}`
  })
}
