import type { ManifestContent, ManifestFile } from './manifest.js'

interface Kind {
  /** How such files are named. */
  ending: RegExp
  /** Whether the first bytes (up to 64 KiB) are those of such a file. */
  begins(head: Buffer): boolean
  open(file: ManifestFile): Promise<ManifestContent>
}

/** A tab in the first line tells TSV from CSV, which anything can be. */
const firstLine = (head: Buffer): string => head.toString('utf8').split('\n', 1)[0]!

/** Every kind of manifest there is; without a telling name, the first whose beginning fits. */
const KINDS: readonly Kind[] = [
  {
    ending: /\.(tar|tgz)$/i,
    begins: head => head.toString('latin1', 257, 262) === 'ustar',
    open: async file => (await import('./archive.js')).openArchive(file),
  },
  {
    ending: /\.(parquet|pq)$/i,
    begins: head => head.toString('latin1', 0, 4) === 'PAR1',
    open: async file => (await import('./typed-table.js')).openParquetManifest(file),
  },
  {
    ending: /\.(arrows?|feather|ipc)$/i,
    begins: head => /^(ARROW1|\xff{4})/.test(head.toString('latin1', 0, 6)),
    open: async file => (await import('./typed-table.js')).openArrowManifest(file),
  },
  {
    ending: /\.(jsonl|ndjson)$/i,
    begins: head => /^\ufeff?\s*\{/.test(head.toString('utf8')),
    open: async file => (await import('./text-table.js')).openJsonLines(file),
  },
  {
    ending: /\.(tsv|tab)$/i,
    begins: head => firstLine(head).includes('\t'),
    open: async file => (await import('./text-table.js')).openTsv(file),
  },
  {
    ending: /\.csv$/i,
    begins: () => true,
    open: async file => (await import('./text-table.js')).openCsv(file),
  },
]

export const kindOf = (path: string, head: Buffer): Kind => {
  const name = path.replace(/\.gz$/i, '')
  return KINDS.find(({ ending }) => ending.test(name)) ?? KINDS.find(kind => kind.begins(head))!
}
