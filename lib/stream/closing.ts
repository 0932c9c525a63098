import { crc32 } from 'node:zlib'
import { badData } from '../error.js'
import { hex } from './digest.js'
import { parseInputs } from './provenance.js'

/**
 * The closing batch: no rows, and in the metadata of its message what the stream must have held.
 *
 * - `pcm.rows`: number of rows;
 * - `pcm.digests`: JSON, column name -> digest (digest.ts);
 * - `pcm.inputs`: JSON, what was read to make the stream;
 * - `pcm.seal`: CRC-32 over the description of the schema and the three texts above, so that a
 *   damaged name, unit or vocabulary is noticed as surely as a damaged number.
 */
export interface Closing {
  rows: number
  digests: Record<string, string>
  inputs: InputSummary[]
}

/** One input, as it goes into the closing batch and the provenance of whoever read it. */
export interface InputSummary {
  /** A path, or `standard input`; empty where the run was made with --no-pg. */
  name: string
  rows: number
  digests: Record<string, string>
  /** What that input said it was made from. */
  inputs?: InputSummary[]
}

export const closingMetadata = (closing: Closing, schemaText: string): Map<string, string> => {
  const rows = String(closing.rows)
  const digests = JSON.stringify(closing.digests)
  const inputs = JSON.stringify(closing.inputs)
  return new Map([
    ['pcm.rows', rows],
    ['pcm.digests', digests],
    ['pcm.inputs', inputs],
    ['pcm.seal', seal(schemaText, rows, digests, inputs)],
  ])
}

/** True for the metadata of a message that claims, by any of its keys, to be the closing batch. */
export const isClosing = (metadata: Map<string, string>): boolean =>
  [...metadata.keys()].some(key => key.startsWith('pcm.'))

/** Reads it back and compares it with what came: every row counted, every digest equal. */
export const checkClosing = (
  metadata: Map<string, string>,
  schemaText: string,
  found: { rows: number; digests: Record<string, string> },
): Closing => {
  const [rows, digests, inputs, sealed] = KEYS.map(key => metadata.get(key))
  if (rows === undefined || digests === undefined || inputs === undefined || sealed === undefined)
    throw badData('damaged: the closing batch is incomplete')
  if (rows !== String(found.rows))
    throw badData(`damaged: ${found.rows} rows came, ${rows} were written`)
  if (sealed !== seal(schemaText, rows, digests, inputs))
    throw badData('damaged: the schema or the closing batch does not match its digest')
  const expected = parseDigests(digests)
  for (const [column, digest] of Object.entries(found.digests))
    if (!Object.hasOwn(expected, column) || expected[column] !== digest)
      throw badData(`damaged: column '${column}' does not match its digest`)
  return { ...found, inputs: parseInputs(inputs) }
}

const KEYS = ['pcm.rows', 'pcm.digests', 'pcm.inputs', 'pcm.seal']

const seal = (...texts: string[]): string => hex(crc32(JSON.stringify(texts)))

const parseDigests = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object') return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw badData('damaged: the digests of the closing batch cannot be read')
}
