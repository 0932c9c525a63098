import type { Embeddings, Keys } from './embeddings.js'
import { measures, part, type Measures, type Ranking } from './measures.js'

/** The queries with one value in a column, against the whole gallery. */
export interface Group {
  column: string
  /** null: the queries without a value. */
  value: string | number | boolean | null
  queries: number
  measures: Measures
}

/** Parts a ranking by the value that its queries' rows have in a column, in order of appearance. */
export const groupsBy = (
  table: Embeddings,
  keys: Keys,
  column: string,
  rows: Int32Array,
  ranking: Ranking,
): Group[] => {
  const keyOf = keys.of(column)
  const members = new Map<number, number[]>()
  rows.forEach((row, query) => {
    const key = keyOf[row]!
    const group = members.get(key)
    if (group) group.push(query)
    else members.set(key, [query])
  })
  const { values } = table.others[column]!
  return [...members.values()].map(queries => ({
    column,
    value: plain(values[rows[queries[0]!]!]!),
    queries: queries.length,
    measures: measures(part(ranking, Int32Array.from(queries))),
  }))
}

const plain = (value: string | number | bigint | boolean | null) =>
  typeof value === 'bigint' ? Number(value) : value
