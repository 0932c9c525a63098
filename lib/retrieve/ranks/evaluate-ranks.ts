import { badData, badUsage } from '../../error.js'
import type { InputStream } from '../../stream/read.js'
import { Keys, type Embeddings } from '../embeddings.js'
import type { Ranked } from '../evaluate.js'
import { checkComparable, rankedItems, type OpenEvaluation } from '../evaluation.js'
import { groupsBy } from '../groups.js'
import { measures, rank, sumOfHits } from '../measures.js'
import type { Metric } from '../metric.js'
import type { TieRule } from '../tie.js'
import { queryNames } from '../uncertainty/items.js'
import { judgeUncertainty } from '../uncertainty/judge.js'
import type { RanksFacts } from './facts.js'
import { readRanks, type RankedQueries, type Ranks } from './read-ranks.js'

export interface RanksOptions {
  metrics: readonly Metric[]
  ties: TieRule
  by: readonly string[]
  bootstrap?: number
  seed: number
  mrv: readonly string[]
  /** Ranks of another system, to compare with. */
  other?: InputStream
}

/** Evaluates a stream of ranks, whoever ranked. */
export const openRanks = async (
  stream: InputStream,
  options: RanksOptions,
): Promise<OpenEvaluation & { made: RanksFacts['made'] }> => {
  const one = await readRanks(stream)
  const two = options.other && (await readRanks(options.other))
  check(one, stream, options)
  const { facts } = one
  return {
    rows: one.directions.reduce((sum, { tallies }) => sum + tallies.length, 0),
    directions: facts.directions.map(({ direction }) => direction.name),
    sweeps: [],
    engine: facts.made.engine,
    made: facts.made,
    async *evaluations() {
      for (const queries of one.directions) {
        const ranked = await measure(queries, options)
        const { name } = queries.facts.direction
        const peer = two?.directions.find(({ facts }) => facts.direction.name === name)
        if (two && !peer) throw badData(`${options.other!.name}: there is no direction ${name}`)
        const back = peer && (await measure(peer, options))
        if (back) checkComparable(ranked, back, options.other!.name)
        const { rows, ranking, ...evaluation } = ranked
        yield {
          ...evaluation,
          ...(options.mrv.length && {
            ranked: rankedItems(tableOf(queries, stream.name), rows, ranking),
          }),
          ...judgeUncertainty(
            { ranking, names: queryNames(tableOf(queries, stream.name), rows) },
            back && {
              ranking: back.ranking,
              names: queryNames(tableOf(peer, stream.name), back.rows),
            },
            queries.items,
            { ...options, items: facts.items },
          ),
        }
      }
    },
    close: async () => {},
  }
}

const check = ({ facts }: Ranks, { name }: InputStream, { ties, by }: RanksOptions): void => {
  const lost = by.find(column => !facts.by.includes(column))
  if (lost !== undefined)
    throw badData(
      `${name}: the ranks do not say what '${lost}' is, only ${facts.by.join(', ') || 'ids'}`,
      'give --by when the ranks are written, too',
    )
  if (facts.gradedBy !== null && facts.gradedBy !== ties)
    throw badUsage(`--ties ${ties}: the grades in ${name} stand in the order of ${facts.gradedBy}`)
}

const measure = async (queries: RankedQueries, options: RanksOptions): Promise<Ranked> => {
  const { facts, tallies } = queries
  const ranking = await rank(tallies, tallies.length, options)
  const rows = Int32Array.from(tallies.keys())
  const table = tableOf(queries, '')
  const keys = new Keys(table)
  return {
    ...facts,
    rows,
    ranking,
    measures: measures(ranking),
    sum: sumOfHits(ranking),
    groups: options.by.flatMap(column => groupsBy(table, keys, column, rows, ranking)),
    ties: ranking.tied.reduce((sum, tied) => sum + tied, 0),
  }
}

/** The queries as the rows of a table. */
const tableOf = ({ others, tallies }: RankedQueries, source: string): Embeddings => ({
  source,
  rows: tallies.length,
  fields: [],
  modalities: {},
  others,
})
