import { badData } from '../error.js'
import type { InputSummary } from './closing.js'
import type { ProvenanceRecord } from './types.js'

/** What differs between two runs that do the same; `--no-pg` leaves it out of a record. */
const OF_THE_RUN = ['threads', 'host', 'user', 'cwd', 'started', 'ended', 'node', 'platform']

/**
 * The same, among the options that a record keeps in `config`. Of files that were read the digests
 * are in the record, so their paths are not.
 */
const OPTIONS_OF_THE_RUN = [
  'input',
  'output',
  'config',
  'log',
  'threads',
  'device',
  'progress',
  'quiet',
  'verbose',
  'pg',
  'model',
  'init',
  'classes',
  'checkpoint',
  'checkpoint-every',
  'resume',
  'memory',
]

/**
 * The chain of a stream that is about to be written: what was read, then this program's own line.
 * With `noPg` that line keeps the program, its version and what determines the content, and has an
 * empty command line; records of the past are never touched.
 */
export const provenance = (
  previous: readonly ProvenanceRecord[],
  mine: ProvenanceRecord,
  { noPg }: { noPg: boolean },
): ProvenanceRecord[] => [...previous, noPg ? timeless(mine) : mine]

const timeless = (record: ProvenanceRecord): ProvenanceRecord => {
  const kept = without(record, OF_THE_RUN) as ProvenanceRecord
  kept.cl = ''
  if (record.config) kept.config = without(record.config, OPTIONS_OF_THE_RUN)
  // `onnx (onnxruntime-node 1.30.0, 2 threads)`: the engine counts, the machine does not.
  if (record.engine) kept.engine = record.engine.replace(/ \(.*\)$/, '')
  if (record.inputs) kept.inputs = record.inputs.map(nameless)
  return kept
}

const without = (record: object, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)))

/** A record without a command line was made with --no-pg: its inputs go without names as well. */
export const inputsOf = (
  records: readonly ProvenanceRecord[],
  inputs: readonly InputSummary[],
): InputSummary[] => (records.at(-1)?.cl === '' ? inputs.map(nameless) : [...inputs])

const nameless = <T extends { name: string }>(input: T): T => ({ ...input, name: '' })

/** Longest text that is taken for a chain: far more than any pipeline writes. */
const LONGEST = 1 << 24

/** Reads `pcm.pg`: a JSON array of records; keys that pcm does not know are kept. */
export const parseProvenance = (text: string): ProvenanceRecord[] => {
  const records = parseArray(text, 'pcm.pg')
  records.forEach((record, i) => {
    for (const key of ['pn', 'vn', 'cl'])
      if (!isObject(record) || typeof record[key] !== 'string')
        throw badData(`metadata pcm.pg: record ${i} has no text '${key}'`)
    if (isObject(record) && record.inputs !== undefined) checkInputs(record.inputs, 'pcm.pg')
  })
  return records as ProvenanceRecord[]
}

/** Reads `pcm.inputs` of a closing batch. */
export const parseInputs = (text: string): InputSummary[] => {
  const inputs = parseArray(text, 'pcm.inputs')
  checkInputs(inputs, 'pcm.inputs')
  return inputs as InputSummary[]
}

const parseArray = (text: string, key: string): unknown[] => {
  if (text.length > LONGEST) throw badData(`metadata ${key}: longer than 16 MB`)
  try {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value)) return value
  } catch {
    // Said below, whatever it was.
  }
  throw badData(`metadata ${key}: expected a JSON array`)
}

const checkInputs = (inputs: unknown, key: string): void => {
  const sound =
    Array.isArray(inputs) &&
    inputs.every(
      input =>
        isObject(input) &&
        typeof input.name === 'string' &&
        Number.isSafeInteger(input.rows) &&
        isObject(input.digests),
    )
  if (!sound) throw badData(`metadata ${key}: expected inputs with name, rows and digests`)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
