import { readFileSync } from 'node:fs'
import { badUsage, errorCode, Exit, PcmError } from '../error.js'
import { nearest } from '../nearest.js'
import type { OptionTable } from './program.js'
import { toValue } from './value.js'

/** Options that make no sense in a file: they print something and stop, or name the file itself. */
const REFUSED = ['config', 'completion', 'help', 'version']

/** The checked values of a config file, by option name. A sound file of wrong content is exit 64. */
export const readConfig = (path: string, table: OptionTable): Map<string, unknown> => {
  const names = Object.keys(table).filter(name => !REFUSED.includes(name))
  const values = new Map<string, unknown>()
  for (const [name, raw] of Object.entries(readObject(path))) {
    if (!names.includes(name)) throw unknownKey(path, name, names)
    values.set(name, toValue(`${path}: ${name}`, table[name]!, raw))
  }
  return values
}

const readObject = (path: string): object => {
  let value: unknown
  try {
    value = JSON.parse(readText(path))
  } catch (error) {
    if (error instanceof SyntaxError) throw badUsage(`${path}: is not JSON (${error.message})`)
    throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badUsage(`${path}: expected a JSON object of options`)
  return value
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = errorCode(error) === 'ENOENT' ? 'no such file' : 'cannot be read'
    throw new PcmError(`${path}: ${reason}`, { exit: Exit.noInput, cause: error })
  }
}

const unknownKey = (path: string, name: string, names: readonly string[]): PcmError => {
  const like = nearest(name, names)
  return badUsage(
    `${path}: unknown option '${name}'`,
    like ? `did you mean '${like}'?` : 'keys are long option names without dashes',
  )
}
