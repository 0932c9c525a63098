import { badData } from '../error.js'
import type { Cell } from './table.js'
import { guardText } from './text-guard.js'

const LONGEST_LINE = 8 << 20
const DEEPEST = 4

export interface JsonRow {
  line: number
  object: Readonly<Record<string, Cell>>
}

/**
 * Objects of a JSON Lines file, one a line; blank lines are skipped. Values are null, texts,
 * numbers, booleans and lists of these.
 */
export async function* readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<JsonRow> {
  let line = 0
  for await (const text of lines(guardText(chunks, name), name)) {
    line++
    const trimmed = (line === 1 ? text.replace(/^\ufeff/, '') : text).trim()
    if (trimmed === '') continue
    yield { line, object: parseObject(trimmed, `${name}: line ${line}`) }
  }
}

/** One object of cells; what is wrong with it is bad data, told with `where`. */
export function parseObject(text: string, where: string): Record<string, Cell> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/\s+/g, ' ') : ''
    throw badData(`${where}: not JSON: ${said.slice(0, 120)}`, undefined, error)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badData(`${where}: ${kindOf(value)}, expected an object like {"id": "a"}`)
  }
  const object: Record<string, Cell> = Object.create(null)
  for (const [key, entry] of Object.entries(value)) {
    object[key] = toCell(entry, `${where}: '${key}'`, 0)
  }
  return object
}

const toCell = (value: unknown, where: string, depth: number): Cell => {
  if (depth > DEEPEST) throw badData(`${where}: lists nested deeper than ${DEEPEST} levels`)
  if (Array.isArray(value)) return value.map(entry => toCell(entry, where, depth + 1))
  // Numbers beyond the range of a double parse to Infinity.
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw badData(`${where}: number beyond the range of a double`)
  }
  if (typeof value === 'object' && value !== null) {
    throw badData(`${where}: an object, expected a text, a number or a list`)
  }
  return value as Cell
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`

/** Splits at LF; a line may span chunks but not exceed the limit. */
async function* lines(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  let parts: Uint8Array[] = []
  let length = 0
  let line = 1
  const add = (part: Uint8Array): void => {
    length += part.length
    if (length > LONGEST_LINE) {
      throw badData(`${name}: line ${line}: longer than ${LONGEST_LINE >> 20} MiB`)
    }
    if (part.length > 0) parts.push(part)
  }
  const take = (): string => {
    const text = Buffer.concat(parts).toString('utf8')
    parts = []
    length = 0
    line++
    return text
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end))
      yield take()
      start = end + 1
    }
    add(chunk.subarray(start))
  }
  if (length > 0) yield take()
}
