import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { badData } from '../error.js'
import { inputError } from '../formats/byte-range.js'
import { readCsv } from '../formats/csv.js'
import { readJsonLines } from '../formats/jsonl.js'
import type { TableRow } from '../formats/table.js'
import { spool } from './spool.js'

/** A table of items that can be read more than once. */
export interface Manifest {
  /** For messages: the path, or `standard input`. */
  readonly name: string
  /** What paths in it are relative to. */
  readonly directory: string
  /** The header of a CSV or TSV; in JSON Lines the keys of the first object. */
  readonly columns: readonly string[]
  /** True where rows may have columns that `columns` does not know (JSON Lines). */
  readonly open: boolean
  /** The rows from the first on, each with the cells of `columns` in that order; absent = null. */
  rows(columns: readonly string[]): AsyncGenerator<TableRow>
  close(): Promise<void>
}

type Format = 'csv' | 'tsv' | 'jsonl'

/**
 * Opens a CSV, TSV or JSON Lines table, told by its ending or else by its first bytes. What is no
 * regular file is first copied to a temporary one, since a manifest is read twice: once to learn
 * the types, vocabularies and number of its rows, so that mistakes show before any work is done.
 */
export async function openManifest(path: string): Promise<Manifest> {
  const name = path === '-' ? 'standard input' : path
  const file = await openRegular(path)
  try {
    const format = formatOf(path) ?? (await sniff(file, name))
    const chunks = () => chunksOf(file)
    const columns = await firstColumns(chunks, format, name)
    return {
      name,
      directory: path === '-' || path.startsWith('/dev/fd/') ? '.' : dirname(path),
      columns,
      open: format === 'jsonl',
      rows: wanted =>
        format === 'jsonl'
          ? jsonRows(chunks(), name, wanted)
          : csvRows(chunks(), name, format, columns, wanted),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** The bytes from the first on; several readings of one file do not disturb each other. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(1 << 18), 0, 1 << 18, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

async function openRegular(path: string): Promise<FileHandle> {
  if (path === '-') return spool('-')
  const file = await open(path).catch(error => {
    throw inputError(path, error)
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  return spool(path)
}

const formatOf = (path: string): Format | undefined => {
  if (/\.csv$/i.test(path)) return 'csv'
  if (/\.(tsv|tab)$/i.test(path)) return 'tsv'
  return /\.(jsonl|ndjson)$/i.test(path) ? 'jsonl' : undefined
}

/** An object begins a JSON Lines file; a tab in the first line tells TSV from CSV. */
async function sniff(file: FileHandle, name: string): Promise<Format> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0)
  const text = buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '')
  if (bytesRead === 0) throw badData(`${name}: is empty (zero bytes)`)
  if (/^\s*\{/.test(text)) return 'jsonl'
  return text.split('\n', 1)[0]!.includes('\t') ? 'tsv' : 'csv'
}

async function firstColumns(
  chunks: () => AsyncIterable<Uint8Array>,
  format: Format,
  name: string,
): Promise<string[]> {
  if (format === 'jsonl') {
    for await (const { object } of readJsonLines(chunks(), name)) return Object.keys(object)
    throw badData(`${name}: holds no objects`)
  }
  for await (const { cells } of readCsv(chunks(), name, { tabs: format === 'tsv' })) {
    const columns = cells.map(cell => String(cell ?? ''))
    const twice = columns.find((column, at) => column !== '' && columns.indexOf(column) !== at)
    if (twice !== undefined) throw badData(`${name}: two columns are named '${twice}'`)
    return columns
  }
  throw badData(`${name}: holds no header`)
}

async function* jsonRows(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  wanted: readonly string[],
): AsyncGenerator<TableRow> {
  for await (const { line, object } of readJsonLines(chunks, name)) {
    yield { line, cells: wanted.map(column => object[column] ?? null) }
  }
}

async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  format: Format,
  columns: readonly string[],
  wanted: readonly string[],
): AsyncGenerator<TableRow> {
  const places = wanted.map(column => columns.indexOf(column))
  let header = true
  for await (const { line, cells } of readCsv(chunks, name, { tabs: format === 'tsv' })) {
    if (!header) yield { line, cells: places.map(place => cells[place] ?? null) }
    header = false
  }
}
