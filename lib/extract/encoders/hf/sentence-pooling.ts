import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { badData, errorCode } from '../../../error.js'
import { poolingBy, type Pooling, type PoolName } from '../network/pooling.js'

const FILE = '1_Pooling/config.json'

/** As sentence-transformers calls them. */
const POOLS: Readonly<Record<string, PoolName>> = {
  cls: 'cls',
  cls_token: 'cls',
  mean: 'mean',
  mean_tokens: 'mean',
  max: 'max',
  max_tokens: 'max',
  lasttoken: 'last',
}

/**
 * How a sentence model pools its tokens, from the `1_Pooling/config.json` of sentence-transformers:
 * `pooling_mode` with a name, or a switch `pooling_mode_NAME` each, as older versions wrote it.
 * Undefined where the folder has none; bad data (65) where it asks for what is not known here.
 */
export async function sentencePooling(folder: string): Promise<Pooling | undefined> {
  const path = join(folder, FILE)
  const text = await readFile(path, 'utf8').catch(error => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const modes = modesOf(parse(text, path))
  const pool = modes.length === 1 && Object.hasOwn(POOLS, modes[0]!) && POOLS[modes[0]!]
  if (pool) return poolingBy(pool)
  throw badData(
    `${path}: pools by ${modes.join(' and ') || 'nothing'}, expected one of cls, mean, max, lasttoken`,
    'pool=mean, max or cls in the address takes its place',
  )
}

const modesOf = (config: Record<string, unknown>): string[] => {
  const { pooling_mode: mode } = config
  if (mode !== undefined) return [mode].flat().map(String)
  const prefix = 'pooling_mode_'
  return Object.keys(config)
    .filter(key => key.startsWith(prefix) && config[key] === true)
    .map(key => key.slice(prefix.length))
}

const parse = (text: string, path: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw badData(`${path}: is no JSON object`)
}
