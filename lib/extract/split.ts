import { readFile } from 'node:fs/promises'
import { badData, badUsage } from '../error.js'
import { inputError } from '../formats/byte-range.js'
import { splitFirst, unescapeText } from './address.js'
import { murmur3 } from '../murmur3.js'

/** The part of the data a row belongs to; null where it belongs to none. */
export interface Split {
  of(row: number, id: string): string | null
  /** True where every row of the input must be shown to `of` before `finish`. */
  readonly watches: boolean
  /** After the last row: throws where a part named ids that no row has. */
  finish(): void
}

type Part =
  | { name: string; type: 'share'; share: number }
  | { name: string; type: 'range'; first: number; end: number }
  | { name: string; type: 'ids'; ids: ReadonlySet<string>; path: string; seen: Set<string> }

/**
 * `train=0.8,test=0.2` (shares), `train=0:2173,test=2173:` (row numbers, the end not included) or
 * `train=@ids.txt` (ids, one a line).
 *
 * Shares: murmur3 (x86, 32 bit) of the id in UTF-8, with the seed as its seed, divided by 2^32,
 * gives a number in 0..1; the parts follow one another on that line in the order given. So an id
 * falls on the same side in every file, whatever else the file holds, and rows of one item never
 * part.
 */
export async function openSplit(text: string, seed: number): Promise<Split> {
  const fail = (found: string) =>
    badUsage(`--split ${text}: ${found}`, 'as in train=0.8,test=0.2 or train=0:100,test=100:')
  const parts: Part[] = []
  for (const item of text.split(',')) parts.push(await parsePart(item, fail))
  const names = new Set(parts.map(({ name }) => name))
  if (names.size < parts.length) throw fail('a name given twice')
  const shares = parts.filter(part => part.type === 'share')
  if (shares.length > 0) {
    if (shares.length < parts.length) throw fail('shares do not mix with rows or ids')
    const total = shares.reduce((sum, { share }) => sum + share, 0)
    if (total > 1 + 1e-9) throw fail(`shares add up to ${Number(total.toFixed(6))}`)
    return { of: (_, id) => byShare(shares, id, seed), watches: false, finish: () => {} }
  }
  return {
    of: (row, id) => byMember(parts, row, id),
    watches: parts.some(({ type }) => type === 'ids'),
    finish: () => parts.forEach(checkSeen),
  }
}

const byShare = (
  shares: readonly { name: string; share: number }[],
  id: string,
  seed: number,
): string | null => {
  const at = murmur3(Buffer.from(id), seed) / 2 ** 32
  let end = 0
  for (const { name, share } of shares) {
    end += share
    if (at < end) return name
  }
  // Shares that add up to one leave nobody out, whatever their sum rounds to.
  return end > 1 - 1e-9 ? shares[shares.length - 1]!.name : null
}

const byMember = (parts: readonly Part[], row: number, id: string): string | null => {
  let found: string | null = null
  for (const part of parts) {
    if (part.type === 'range' && (row < part.first || row >= part.end)) continue
    if (part.type === 'ids') {
      if (!part.ids.has(id)) continue
      part.seen.add(id)
    }
    if (found !== null) {
      throw badData(`--split: row ${row} (id '${id}') is in both '${found}' and '${part.name}'`)
    }
    found = part.name
  }
  return found
}

async function parsePart(text: string, fail: (found: string) => Error): Promise<Part> {
  const [name, value] = splitFirst(text, '=')
  if (name === '' || value === undefined || value === '') throw fail(`'${text}' is no NAME=PART`)
  if (value.startsWith('@')) {
    const path = unescapeText(value.slice(1), `--split ${text}`)
    return { name, type: 'ids', path, ids: await readIds(path), seen: new Set() }
  }
  const range = /^(\d*):(\d*)$/.exec(value)
  if (range) {
    const first = Number(range[1] || 0)
    const end = range[2] ? Number(range[2]) : Infinity
    if (first >= end) throw fail(`'${text}' holds no rows`)
    return { name, type: 'range', first, end }
  }
  const share = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(value) ? Number(value) : NaN
  if (!(share > 0 && share <= 1)) {
    throw fail(`'${value}' is no share in 0..1, no row range FIRST:END and no @FILE`)
  }
  return { name, type: 'share', share }
}

const readIds = async (path: string): Promise<Set<string>> => {
  const text = await readFile(path, 'utf8').catch(error => {
    throw inputError(path, error)
  })
  const ids = new Set(
    text
      .split(/\r?\n/)
      .map(line => line.trim())
      .filter(line => line !== ''),
  )
  if (ids.size === 0) throw badData(`${path}: holds no ids`)
  return ids
}

const checkSeen = (part: Part): void => {
  if (part.type !== 'ids' || part.seen.size === part.ids.size) return
  const missing = [...part.ids].find(id => !part.seen.has(id))
  throw badData(
    `${part.path}: ${part.ids.size - part.seen.size} of ${part.ids.size} ids are in no row, as '${missing}'`,
  )
}
