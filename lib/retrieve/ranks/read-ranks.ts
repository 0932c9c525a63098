import { badData } from '../../error.js'
import { collect } from '../../stream/collect.js'
import type { InputStream } from '../../stream/read.js'
import type { OtherColumn } from '../../stream/types.js'
import type { Tally } from '../tally.js'
import { parseFacts, type DirectionFacts, type RanksFacts } from './facts.js'

/** The queries of a direction as they were ranked, in their first order. */
export interface RankedQueries {
  facts: DirectionFacts
  /** Columns of the queries: `id`, and those that part them. */
  others: Record<string, OtherColumn>
  items: Int32Array
  tallies: Tally[]
}

export interface Ranks {
  facts: RanksFacts
  directions: RankedQueries[]
}

/**
 * Reads a stream of ranks, of all shards in any order. Every query has to be there once, so that a
 * shard that is missing, or there twice, is bad data (65).
 */
export const readRanks = async (stream: InputStream): Promise<Ranks> => {
  const facts = parseFacts(stream.schema.metadata, stream.name)
  const graded = facts.gradedBy !== null
  const needed = [...COLUMNS, ...(graded ? ['grades'] : []), ...facts.by]
  const lost = needed.find(name => !stream.schema.others.some(other => other.name === name))
  if (lost !== undefined) throw badData(`${stream.name}: there is no column '${lost}'`)
  const { others } = await collect(stream, { modalities: [], others: needed })
  const rows = rowsByDirection(others['direction']!)
  return {
    facts,
    directions: facts.directions.map(each => {
      const order = inOrder(rows.get(each.direction.name) ?? [], others, each, stream.name)
      const pick = (name: string) => order.map(row => others[name]!.values[row]!)
      const kept = ['id', ...facts.by].map((name): [string, OtherColumn] => [
        name,
        { layout: 'other', values: pick(name) },
      ])
      return {
        facts: each,
        others: Object.fromEntries(kept),
        items: Int32Array.from(pick('item'), Number),
        tallies: order.map((row, query) => tallyOf(others, row, query, { graded, stream })),
      }
    }),
  }
}

const COLUMNS = ['id', 'direction', 'number', 'item', 'greater', 'equal']

const rowsByDirection = ({ values }: OtherColumn): Map<string, number[]> => {
  const rows = new Map<string, number[]>()
  values.forEach((value, row) => {
    const known = rows.get(String(value))
    if (known) known.push(row)
    else rows.set(String(value), [row])
  })
  return rows
}

/** The rows of a direction by the number of the query: 0, 1, 2 and so on, each once. */
const inOrder = (
  rows: readonly number[],
  others: Record<string, OtherColumn>,
  { direction, queries }: DirectionFacts,
  source: string,
): number[] => {
  const number = (row: number) => Number(others['number']!.values[row])
  const order = rows.toSorted((a, b) => number(a) - number(b))
  if (order.length !== queries || order.some((row, i) => number(row) !== i))
    throw badData(
      `${source}: found ${order.length} rows for ${direction.name}, expected each of ${queries} queries once`,
      'put all shards together, each once: pcm-cat SHARD...',
    )
  return order
}

const tallyOf = (
  others: Record<string, OtherColumn>,
  row: number,
  query: number,
  { graded, stream }: { graded: boolean; stream: InputStream },
): Tally => {
  const list = (name: string) => String(others[name]!.values[row]).split(' ').map(Number)
  const greater = Int32Array.from(list('greater'))
  const equal = Int32Array.from(list('equal'))
  const grades = graded ? Float64Array.from(list('grades')) : undefined
  const sound =
    isCounts(list('greater')) &&
    isCounts(list('equal')) &&
    equal.length === greater.length &&
    greater.every((count, j) => j === 0 || greater[j - 1]! <= count) &&
    (grades?.length ?? greater.length) === greater.length
  if (!sound)
    throw badData(
      `${stream.name}: row ${row}: expected 'greater' and 'equal' to count what stands above and level, best first`,
    )
  return { query, greater, equal, ...(grades && { grades }) }
}

const isCounts = (list: readonly number[]): boolean =>
  list.every(count => Number.isInteger(count) && count >= 0 && count < 2 ** 31)
