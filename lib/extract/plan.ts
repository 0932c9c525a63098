import { badData, badUsage, Exit, PcmError } from '../error.js'
import { parseWhere, type Where } from '../stream/where.js'
import { parseColumn, parseModality } from './address.js'
import type { ColumnAddress, ModalityAddress } from './address.js'
import { checkNames } from './check-names.js'
import { openPool, type Pool } from './encoders/pool.js'
import type { Encoder } from './encoders/types.js'
import { concatenate } from './features/concatenate.js'
import type { Feature, Row } from './features/types.js'
import { columnFeature, fileFeature, openEncoders } from './open-feature.js'
import { openTable, tableRows, wantFilter, wantSource } from './open-table.js'
import { arrayOther, idColumn, manifestOther, openList, splitColumn, type Other } from './others.js'
import type { OnError } from './bad-items.js'
import { filesNamed, stateOf } from './resume/identity.js'
import type { Identity } from './resume/journal.js'
import { between, numberedRows } from './rows.js'
import type { Condition } from './selection.js'
import { parseShard, rangeOf, type RowRange } from './shard.js'
import { openSplit } from './split.js'
import { onlyColumn, type Table, type Wanted } from './table.js'

/** What is asked of pcm-extract, as on its command line. */
export interface Request {
  /** The manifest, `-` for standard input; not read when everything is an array in a file. */
  input: string
  modalities: readonly string[]
  columns: readonly string[]
  id: string | undefined
  split: string | undefined
  where: readonly string[]
  seed: number
  /** `I/N`: only that part of the rows. */
  shard?: string | undefined
  /** What becomes of items that cannot be used: by default the first ends the run. */
  onError?: OnError
  /** Threads that may encode; 1 = this one. */
  threads: number
  /** Where networks run: `--device`; auto where it is not told. */
  device?: string
  /** Told what is left out or looks wrong, though the work goes on. */
  warn?: (text: string) => void
}

/** Everything opened and checked, before the first row is worked on. */
export interface Plan {
  features: Feature[]
  /** `id` first. */
  others: Other[]
  conditions: Condition[]
  onError: OnError
  /** The rows of the input that are to be extracted: all, or a shard. */
  range: RowRange
  /** These rows from `first` on, in order. */
  rows(first: number): AsyncGenerator<Row>
  /** The state of all files that the rows are made from; not of those that a manifest names. */
  sources(): Promise<Identity>
  /** After the last row: throws what can only be known then. */
  finish(): void
}

/** How many rows a source has, for the message when they differ. */
interface Count {
  where: string
  rows: number
}

/** What the addresses have in common: the manifest, what they want of it, the row counts so far. */
interface Around {
  table: Table | undefined
  sources: readonly Wanted[]
  counts: Count[]
}

interface Encoding {
  encoders: ReadonlyMap<ModalityAddress, Encoder>
  pool: Pool | undefined
}

/** `closers` gets what must be closed at the end, also where this throws. */
export async function openPlan(request: Request, closers: (() => Promise<void>)[]): Promise<Plan> {
  const modalities = request.modalities.map(parseModality)
  const columns = request.columns.map(parseColumn)
  checkNames(modalities, columns, request.split)
  const shard = request.shard === undefined ? undefined : parseShard(request.shard)
  const split = request.split ? await openSplit(request.split, request.seed) : undefined
  const produced = ['id', ...columns.map(({ name }) => name), ...(split ? ['split'] : [])]
  const wheres = request.where.map(parseWhere)
  const filters = wheres.filter(({ column }) => !produced.includes(column)).map(wantFilter)
  const sources = [...modalities, ...columns].flatMap(wantSource)
  const encoders = await openEncoders(modalities, request, closers)
  const table = await openTable(request, sources, filters, closers)

  const pool = request.threads > 1 ? openPool(request.threads) : undefined
  if (pool) closers.push(() => pool.close())
  const counts: Count[] = table ? [{ where: table.manifest.name, rows: table.rows }] : []
  const features = new Map<string, Feature[]>()
  for (const address of modalities) {
    const feature = await openFeature(address, { table, sources, counts, encoders, pool })
    closers.push(() => feature.close())
    features.set(address.name, [...(features.get(address.name) ?? []), feature])
  }
  const others = [idColumn]
  for (const address of columns) {
    const other = await openOther(address, { table, sources, counts })
    closers.push(() => other.close())
    others.push(other)
  }
  if (split) others.push(splitColumn(split))
  const total = agreedRows(counts)
  const range = shard ? rangeOf(shard, total) : { first: 0, end: total }
  return {
    features: [...features.values()].map(concatenate),
    others,
    conditions: wheres.map(where => condition(where, others, table, filters)),
    onError: request.onError ?? 'fail',
    range,
    rows: first => {
      const rows = table ? tableRows(table) : numberedRows(total)
      const show = ({ number, id }: Row) => void split?.of(number, id)
      return between(rows, { first, end: range.end }, split?.watches ? show : undefined)
    },
    sources: async () => ({
      ...(table && { [table.manifest.name]: await table.manifest.fingerprint() }),
      ...(await stateOf(filesNamed(modalities, columns, request.split))),
    }),
    finish: () => split?.finish(),
  }
}

async function openFeature(
  address: ModalityAddress,
  { table, sources, counts, encoders, pool }: Around & Encoding,
): Promise<Feature> {
  const { source, text } = address
  if (source.from === 'columns') {
    const wanted = sources.find(({ where }) => where === text)!
    return columnFeature(address, table!, wanted, { encoder: encoders.get(address), pool })
  }
  const { feature, rows } = await fileFeature(address, source)
  counts.push({ where: text, rows })
  return feature
}

async function openOther(
  { name, source, text }: ColumnAddress,
  { table, sources, counts }: Around,
): Promise<Other> {
  if (source.from === 'columns') {
    const wanted = sources.find(({ where }) => where === text)!
    return manifestOther(name, onlyColumn(table!.find(wanted), text), table!.manifest.name)
  }
  const array = await openList(source.path, source.selector)
  counts.push({ where: text, rows: array.rows })
  return arrayOther(name, array)
}

function agreedRows(counts: readonly Count[]): number {
  const [first] = counts
  if (counts.some(({ rows }) => rows !== first!.rows)) {
    const list = counts.map(({ where, rows }) => `${where}: ${rows}`).join('; ')
    throw badData(`sources differ in their number of rows: ${list}`, 'does one need the option t?')
  }
  if (first!.rows === 0) throw new PcmError(`${first!.where}: holds no rows`, { exit: Exit.noRows })
  return first!.rows
}

function condition(
  { column, values }: Where,
  others: readonly Other[],
  table: Table | undefined,
  filters: readonly Wanted[],
): Condition {
  const made = others.find(({ field }) => field.name === column)
  if (made) return { values, read: block => made.read(block) }
  const wanted = filters.find(
    ({ columns: [only] }) => only?.type === 'name' && only.name === column,
  )
  if (!table) {
    const names = others.map(({ field }) => field.name).join(', ')
    throw badUsage(`--where ${column}=: no column '${column}'`, `there are: ${names}`)
  }
  const [found] = table.find(wanted!)
  return { values, read: manifestOther(column, found!, table.manifest.name).read }
}
