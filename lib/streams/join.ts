import { badData } from '../error.js'
import type { Batch } from '../stream/batch.js'
import { openStream, type InputStream, type InputSummary } from '../stream/read.js'
import { sideBySide, stackRows, type Beside, type HeldRow } from '../stream/stack.js'
import type { OtherColumn, StreamSchema } from '../stream/types.js'
import { checkWhere, filterRows, type Where } from '../stream/where.js'
import { rowsPerBatch } from '../stream/write.js'
import { checkInputs } from './inputs.js'
import { joinSchemas, type JoinSchema } from './join-schema.js'
import { WaitingRows } from './waiting-rows.js'

/** Streams side by side, row by row of one id. */
export interface Join {
  schema: StreamSchema
  /** Rows in the order of the first stream, then what it lacks. May be called once. */
  batches(): AsyncGenerator<Batch>
  /** What was read; known after the last batch. */
  summaries(): InputSummary[]
  /** Rows so far that some stream lacked. */
  incomplete(): number
}

/**
 * Opens streams to be joined by id. Of rows with equal ids in one stream, the first goes with the
 * first of the others, the second with the second. Rows that wait for their turn are kept in
 * memory: `memory` bytes of each stream but the first, and no more.
 */
export async function openJoin(
  paths: readonly string[],
  { where, memory }: { where: readonly Where[]; memory: number },
): Promise<Join> {
  checkInputs(paths)
  const streams: InputStream[] = []
  for (const path of paths) streams.push(await openStream(path))
  const joined = joinSchemas(streams)
  checkWhere(where, joined.schema)
  const counts = { incomplete: 0 }
  return {
    schema: joined.schema,
    async *batches() {
      for await (const batch of joinedBatches(streams, joined, memory, counts)) {
        const rows = filterRows(batch, where)
        const kept = rows ? batch.select(rows) : batch
        if (kept.rows > 0) yield kept
      }
    },
    summaries: () => streams.map(stream => stream.summary()),
    incomplete: () => counts.incomplete,
  }
}

async function* joinedBatches(
  streams: readonly InputStream[],
  joined: JoinSchema,
  memory: number,
  counts: { incomplete: number },
): AsyncGenerator<Batch> {
  const [first, ...others] = streams as [InputStream, ...InputStream[]]
  const waiting = others.map(stream => new WaitingRows(stream, memory))
  const size = rowsPerBatch(joined.schema)

  const put = async (ids: readonly string[], own: (HeldRow | undefined)[]): Promise<Batch> => {
    const held = [own]
    for (const rows of waiting) {
      const found: (HeldRow | undefined)[] = []
      for (const id of ids) found.push(await rows.take(id))
      held.push(found)
    }
    counts.incomplete += ids.filter((_, row) => held.some(rows => !rows[row])).length
    return together(streams, joined, ids, held)
  }

  for await (const batch of first) {
    const ids = batch.other('id').values as string[]
    for (let start = 0; start < batch.rows; start += size) {
      const part = ids.slice(start, start + size)
      yield await put(
        part,
        part.map((_, row) => ({ batch, row: start + row })),
      )
    }
  }
  for (const rows of waiting) {
    const ids = await rows.rest()
    for (let start = 0; start < ids.length; start += size) {
      const part = ids.slice(start, start + size)
      yield await put(part, new Array<undefined>(part.length))
    }
  }
}

/** Rows of every stream beside each other; where several have a column they must agree. */
function together(
  streams: readonly InputStream[],
  { schema, owners }: JoinSchema,
  ids: readonly string[],
  held: readonly (readonly (HeldRow | undefined)[])[],
): Batch {
  const sides = streams.map((stream, index) =>
    stackRows(stream.nothing(), Array.from(held[index]!)),
  )
  const columns = [...schema.modalities, ...schema.others].map(({ name }): Beside => {
    const having = owners.get(name)!
    const batch = sides[having[0]!]!
    if (name === 'id') return { name, batch, values: { layout: 'other', values: ids } }
    if (having.length === 1) return { name, batch }
    return { name, batch, values: agreed(name, ids, having, streams, sides) }
  })
  return sideBySide('joined streams', ids.length, columns)
}

const agreed = (
  name: string,
  ids: readonly string[],
  having: readonly number[],
  streams: readonly InputStream[],
  sides: readonly Batch[],
): OtherColumn => {
  const columns = having.map(index => ({
    stream: streams[index]!.name,
    values: sides[index]!.other(name).values,
  }))
  const values = ids.map((id, row) => {
    const given = columns.filter(({ values }) => values[row] !== null)
    const [first] = given
    const other = given.find(({ values }) => values[row] !== first!.values[row])
    if (other)
      throw badData(
        `${other.stream}: column '${name}': id '${id}' has '${other.values[row]}', and '${first!.values[row]}' in ${first!.stream}`,
      )
    return first ? first.values[row]! : null
  })
  return { layout: 'other', values }
}
