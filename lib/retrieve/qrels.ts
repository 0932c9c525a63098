import { badData } from '../error.js'
import { guardText } from '../formats/text-guard.js'
import { openSource } from '../stream/source.js'
import type { Relation } from './relation.js'

/** Judged relevance: by the id of a query, the ids of what is relevant to it, and how much it is. */
export interface Qrels {
  grades: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Whether some is more relevant than other. */
  graded: boolean
}

/**
 * Reads a TREC qrels file: lines of `QUERY 0 DOCUMENT GRADE`. What is judged above 0 is relevant;
 * what is not judged is not.
 */
export const readQrels = async (path: string): Promise<Qrels> => {
  const source = await openSource(path)
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of guardText(source, source.name))
    text += decoder.decode(chunk, { stream: true })
  const grades = new Map<string, Map<string, number>>()
  let graded = false
  text.split('\n').forEach((line, i) => {
    const words = line.trim().split(/\s+/)
    if (words[0] === '') return
    const grade = Number(words[3])
    if (words.length !== 4 || !Number.isInteger(grade))
      throw badData(
        `${source.name}: line ${i + 1}: found '${line.slice(0, 80)}', expected QUERY 0 DOCUMENT GRADE`,
      )
    if (grade <= 0) return
    const documents = grades.get(words[0]!) ?? new Map<string, number>()
    grades.set(words[0]!, documents.set(words[2]!, grade))
    if (grade > 1) graded = true
  })
  return { grades, graded }
}

/** The relation between queries and entries with the given ids. */
export const judged = (
  qrels: Qrels,
  queries: readonly string[],
  entries: readonly string[],
): Relation => {
  const places = new Map<string, number[]>()
  entries.forEach((id, entry) => {
    const known = places.get(id)
    if (known) known.push(entry)
    else places.set(id, [entry])
  })
  const idsOf = (q: number) => [...(qrels.grades.get(queries[q]!)?.keys() ?? [])]
  return { of: q => Int32Array.from(idsOf(q).flatMap(id => places.get(id) ?? [])).sort() }
}
