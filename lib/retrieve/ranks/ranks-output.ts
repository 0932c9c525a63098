import { openSink } from '../../stream/sink.js'
import type { OtherColumn, OtherField } from '../../stream/types.js'
import { createStream } from '../../stream/write.js'
import type { Embeddings } from '../embeddings.js'
import { positionsOf } from '../measures.js'
import type { Finding, Output } from '../program/output.js'
import type { Settings } from '../report/record.js'
import type { Items } from '../uncertainty/items.js'
import { directionFacts, RANKS, type RanksFacts } from './facts.js'
import { RankKeeper, type Kept } from './kept-ranks.js'

type Value = OtherColumn['values'][number]

/** A stream of ranks on `--output`: a row a query, with all that any metric needs. */
export const ranksOutput = async (path: string, by: readonly string[]): Promise<Output> => {
  const sink = await openSink(path, { binary: true })
  const keeper = new RankKeeper()
  let table: Embeddings | undefined
  let items: Items
  return {
    keeper,
    begin(start) {
      table = start.table
      items = start.items!
    },
    async finish(finding) {
      const columns = columnsOf(table!, items, by, finding.settings)
      const stream = createStream(sink, {
        content: 'ranks',
        modalities: [],
        others: columns.map(({ field }) => field),
        provenance: finding.provenance,
        metadata: new Map([[RANKS, JSON.stringify(factsOf(finding, items, by))]]),
      })
      for (const kept of keeper.kept)
        for (let first = 0; first < kept.rows.length; first += ROWS) {
          const queries = [...kept.rows.keys()].slice(first, first + ROWS)
          const others = columns.map(({ field, of }): [string, OtherColumn] => [
            field.name,
            { layout: 'other', values: queries.map(query => of(kept, query)) },
          ])
          await stream.write({ rows: queries.length, others: Object.fromEntries(others) })
        }
      await stream.finish(finding.inputs)
    },
    abort: () => sink.abort(),
  }
}

/** Rows of a batch: a megabyte or less, unless there are many relevant entries. */
const ROWS = 8192

interface Column {
  field: OtherField
  of(kept: Kept, query: number): Value
}

const columnsOf = (
  table: Embeddings,
  items: Items,
  by: readonly string[],
  { ties, gain }: Settings,
): Column[] => {
  const column = (name: string, type: OtherField['type'], of: Column['of']): Column => ({
    field: { name, type, nullable: by.includes(name), metadata: new Map() },
    of,
  })
  const cell = (name: string, kept: Kept, query: number) =>
    table.others[name]!.values[kept.rows[query]!] ?? null
  return [
    column('id', 'text', (kept, query) => String(cell('id', kept, query))),
    column('direction', 'text', ({ direction }) => direction.name),
    column('number', 'integer', ({ first }, query) => first + query),
    column('item', 'integer', ({ rows }, query) => items.of[rows[query]!]!),
    column('rank', 'real', ({ tallies }, query) => positionsOf(tallies[query]!, ties)[0]!),
    column('greater', 'text', ({ tallies }, query) => tallies[query]!.greater.join(' ')),
    column('equal', 'text', ({ tallies }, query) => tallies[query]!.equal.join(' ')),
    ...(gain
      ? [column('grades', 'text', (kept, query) => kept.tallies[query]!.grades!.join(' '))]
      : []),
    ...by.map(name => column(name, typeOf(table.others[name]!), cell.bind(undefined, name))),
  ]
}

const typeOf = ({ values }: OtherColumn): OtherField['type'] => {
  const some = values.filter(value => value !== null)
  if (some.some(value => typeof value === 'string')) return 'text'
  if (some.some(value => typeof value === 'boolean')) return 'boolean'
  return some.every(value => Number.isInteger(Number(value))) ? 'integer' : 'real'
}

const factsOf = (
  { evaluations, settings }: Finding,
  { count }: Items,
  by: readonly string[],
): RanksFacts => {
  const { engine, where, query, gallery, qrelsFile, gain, correction, rerank } = settings
  return {
    directions: evaluations.map(directionFacts),
    items: count,
    by: [...by],
    gradedBy: gain ? settings.ties : null,
    made: { engine, where, query, gallery, qrelsFile, gain, correction, rerank },
  }
}
