import type { Direction } from './direction.js'
import type { Keys } from './embeddings.js'
import type { Entries } from './entries.js'
import type { EvaluateOptions } from './evaluate.js'
import { judged } from './qrels.js'
import { relate, type Relation } from './relation.js'

/** A direction with its entries, and how it is to be evaluated. */
export interface Job {
  keys: Keys
  direction: Direction
  query: Entries
  gallery: Entries
  options: EvaluateOptions
  /** The ids of entries. */
  ids(entries: Entries): string[]
}

/** What is relevant to the queries: what is judged so, or has an equal value in the column. */
export const relevant = (
  { keys, gallery, options, ids }: Job,
  queries: Entries,
  column: string,
) => {
  const { qrels, label } = options
  if (qrels && column !== label) return judged(qrels, ids(queries), ids(gallery))
  return relate(byRow(keys.of(column), queries.rows), byRow(keys.of(column), gallery.rows))
}

/** How relevant what is judged is, where not all of it is so to the same degree. */
export const gradedBy = ({ gallery, options, ids }: Job, queries: Entries, column: string) => {
  const { qrels, label, ties } = options
  if (!qrels?.graded || column === label) return undefined
  const [names, entries] = [ids(queries), ids(gallery)]
  const grade = (q: number, entry: number) => qrels.grades.get(names[q]!)!.get(entries[entry]!)!
  return { grade, ties }
}

/** Within a modality: the entries that are the query itself, which it is not to find. */
export const itself = (
  { keys, direction, gallery }: Pick<Job, 'keys' | 'direction' | 'gallery'>,
  queries: Entries,
  column: string,
): Relation | undefined => {
  if (direction.kind !== 'intra') return undefined
  if (column === 'id') return relate(queries.places, gallery.places)
  return relate(byRow(keys.of('id'), queries.rows), byRow(keys.of('id'), gallery.rows))
}

const byRow = (of: Int32Array, rows: Int32Array) => rows.map(row => of[row]!)
