import { badUsage } from '../error.js'

export const FORMATS = [
  'stream',
  'arrow',
  'parquet',
  'npy',
  'npz',
  'safetensors',
  'csv',
  'tsv',
  'jsonl',
] as const

export type Format = (typeof FORMATS)[number]

const ENDINGS: Record<string, Format> = {
  arrows: 'stream',
  arrow: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
  parquet: 'parquet',
  pq: 'parquet',
  npy: 'npy',
  npz: 'npz',
  safetensors: 'safetensors',
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
}

export const formatOfPath = (path: string): Format | undefined =>
  ENDINGS[/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '']

/** `--to`, else the ending of the output; standard output is a stream. */
export const outputFormat = (path: string, to: Format | undefined): Format => {
  const format = to ?? (path === '-' ? 'stream' : formatOfPath(path))
  if (format) return format
  throw badUsage(
    `-o ${path}: its ending names no format`,
    `say --to ${FORMATS.join(', ')}, or end it with ${Object.keys(ENDINGS).join(', ')}`,
  )
}

/** Text that a terminal may show. */
export const isText = (format: Format): boolean => ['csv', 'tsv', 'jsonl'].includes(format)

/** What the first bytes say; undefined for text, whose kind they do not tell. */
export const sniffFormat = (start: Uint8Array): Format | undefined => {
  const head = Buffer.from(start.buffer, start.byteOffset, start.byteLength).toString('latin1')
  if (head.startsWith('ARROW1')) return 'arrow'
  if (head.startsWith('\xff\xff\xff\xff')) return 'stream'
  if (head.startsWith('PAR1')) return 'parquet'
  if (head.startsWith('\x93NUMPY')) return 'npy'
  if (head.startsWith('PK')) return 'npz'
  // The length of a header below 2^32 bytes, then the header, which is an object.
  if (/^[^]{4}\0\0\0\0\{/.test(head)) return 'safetensors'
  return undefined
}
