import { Exit, PcmError } from '../error.js'
import type { ModalityField, OtherColumn, OtherField } from '../stream/types.js'
import { columnsOf } from './resume/identity.js'
import type { Identity } from './resume/journal.js'
import { BadItems, type BadItem, type Columns } from './bad-items.js'
import type { Block, Row } from './features/types.js'
import { openPlan, type Plan, type Request } from './plan.js'
import { select } from './selection.js'

export type { Request } from './plan.js'

/** One record batch, ready to be written. */
export interface ExtractedBatch extends Columns {
  /** How many rows of the input have been dealt with so far, those left out included. */
  read: number
  /** Items of these rows that could not be used. */
  bad: BadItem[]
}

export interface Extraction {
  modalities: ModalityField[]
  others: OtherField[]
  /** Rows of the input, or of the shard. */
  total: number
  /**
   * Batches of at most `size` rows, in the order of the input; the first `read` rows have been dealt
   * with by an earlier run. May be called once.
   */
  batches(size: number, read?: number): AsyncGenerator<ExtractedBatch>
  /** What the result is made from, but for the options and the files that a manifest names. */
  identity(): Promise<Identity>
  close(): Promise<void>
}

/**
 * Opens all that a command line names and checks it against each other; then `batches` does the
 * work, in memory that does not grow with the number of rows.
 */
export async function openExtraction(request: Request): Promise<Extraction> {
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer()
  }
  try {
    const plan = await openPlan(request, closers)
    return {
      modalities: plan.features.map(({ field }) => field),
      others: plan.others.map(({ field }) => field),
      total: plan.range.end - plan.range.first,
      batches: (size, read = 0) => ahead(batches(plan, size, read)),
      identity: async () => ({
        ...columnsOf(
          plan.features.map(({ field }) => field),
          plan.others.map(({ field }) => field),
        ),
        ...(await plan.sources()),
      }),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function* batches(plan: Plan, size: number, done: number): AsyncGenerator<ExtractedBatch> {
  let any = done > 0
  for await (const { rows, read } of chosen(plan, size, done)) {
    any = true
    yield { ...(await columns(plan, rows)), read }
  }
  plan.finish()
  if (!any) throw new PcmError('no row satisfies --where', { exit: Exit.noRows })
}

/** Blocks of `size` rows that satisfy the conditions; only the last one is smaller. */
async function* chosen(
  { rows, range, conditions }: Plan,
  size: number,
  done: number,
): AsyncGenerator<{ rows: Block; read: number }> {
  let full: Row[] = []
  let pending: Row[] = []
  let read = done
  for await (const row of rows(range.first + done)) {
    pending.push(row)
    read++
    if (pending.length < size - full.length) continue
    full = full.concat(await select(pending, conditions))
    pending = []
    if (full.length < size) continue
    yield { rows: full, read }
    full = []
  }
  full = full.concat(await select(pending, conditions))
  if (full.length > 0) yield { rows: full, read }
}

async function columns(
  { features, others, onError }: Plan,
  block: Block,
): Promise<Columns & { bad: BadItem[] }> {
  const bad = new BadItems(onError, block)
  const made = await Promise.all(
    features.map(async ({ field: { name }, read }, place) => {
      return [name, await read(block, bad.report(name, place))] as const
    }),
  )
  const carried = await Promise.all(
    others.map(async ({ field, read }): Promise<[string, OtherColumn]> => [
      field.name,
      { layout: 'other', values: await read(block) },
    ]),
  )
  const all = {
    rows: block.length,
    modalities: Object.fromEntries(made),
    others: Object.fromEntries(carried),
  }
  return { ...bad.without(all), bad: bad.list() }
}

/** Works on the next one while the last one is being written. */
async function* ahead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  const take = () => {
    const next = items.next()
    // What goes wrong is told when the turn comes.
    next.catch(() => {})
    return next
  }
  for (let next = take(); ;) {
    const { value, done } = await next
    if (done) return
    next = take()
    yield value
  }
}
