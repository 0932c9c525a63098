import { badData } from '../../error.js'
import type { BadItem } from '../bad-items.js'

/** What determines a result: by a word for people, a text that is equal where the thing is. */
export type Identity = Readonly<Record<string, string>>

/** The state after a batch: everything up to `bytes` of the partial file is right. */
export interface Commit {
  /** Rows of the input that have been dealt with. */
  read: number
  /** Record batches and rows that have been written. */
  batches: number
  rows: number
  bytes: number
  /** CRC-32 of these bytes. */
  crc: number
  /** Items of the last batch that could not be used. */
  bad: readonly BadItem[]
}

const FORMAT = 'pcm-extract journal 1'

export const firstLine = (identity: Identity): string =>
  `${JSON.stringify({ format: FORMAT, identity })}\n`

export const commitLine = (commit: Commit): string => `${JSON.stringify(commit)}\n`

/**
 * A journal: the identity, then a line a batch. The last line counts only when it is whole, since
 * the machine may have stopped in the middle of it. Undefined where not even the first is.
 */
export function readJournal(
  text: string,
  name: string,
): { identity: Identity; commits: Commit[] } | undefined {
  const [first, ...rest] = text.split('\n').slice(0, -1)
  if (first === undefined) return undefined
  const { format, identity } = (parse(first) ?? {}) as { format?: string; identity?: Identity }
  if (format !== FORMAT || !identity) {
    throw badData(`${name}: not a journal of pcm-extract`, 'remove it to begin anew')
  }
  const commits: Commit[] = []
  for (const line of rest) {
    const commit = parse(line)
    if (!isCommit(commit)) break
    commits.push(commit)
  }
  return { identity, commits }
}

/** What differs between two runs, in words; undefined where nothing does. */
export function difference(before: Identity, now: Identity): string | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  const differing = names.filter(name => before[name] !== now[name])
  return differing.length > 0 ? differing.join(', ') : undefined
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const isCommit = (value: unknown): value is Commit => {
  if (typeof value !== 'object' || value === null) return false
  const { read, batches, rows, bytes, crc, bad } = value as Partial<Commit>
  return [read, batches, rows, bytes, crc].every(Number.isSafeInteger) && Array.isArray(bad)
}
