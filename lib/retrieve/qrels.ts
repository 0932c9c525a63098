import { badData } from '../error.js'
import { guardText } from '../formats/text-guard.js'
import { openSource } from '../stream/source.js'
import type { Relation } from './relation.js'

/** Judged relevance: the ids of the documents that are relevant to the query with an id. */
export type Qrels = ReadonlyMap<string, ReadonlySet<string>>

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
  const qrels = new Map<string, Set<string>>()
  text.split('\n').forEach((line, i) => {
    const words = line.trim().split(/\s+/)
    if (words[0] === '') return
    const grade = Number(words[3])
    if (words.length !== 4 || !Number.isInteger(grade))
      throw badData(
        `${source.name}: line ${i + 1}: found '${line.slice(0, 80)}', expected QUERY 0 DOCUMENT GRADE`,
      )
    if (grade <= 0) return
    const documents = qrels.get(words[0]!) ?? new Set()
    qrels.set(words[0]!, documents.add(words[2]!))
  })
  return qrels
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
  return {
    of: q =>
      Int32Array.from(
        [...(qrels.get(queries[q]!) ?? [])].flatMap(id => places.get(id) ?? []),
      ).sort(),
  }
}
