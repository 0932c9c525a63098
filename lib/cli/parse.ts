import yargs, { type Options } from 'yargs'
import { badUsage } from '../error.js'
import { readConfig } from './config-file.js'
import { placeholder } from './facts.js'
import { isFlag, seeHelp } from './option-word.js'
import { camelCase, type Arguments, type OptionSpec, type ProgramSpec } from './program.js'
import { toValue } from './value.js'
import { spelledOut } from './words.js'

export interface Parsed<Spec extends ProgramSpec> {
  args: Arguments<Spec>
  /** False where `-` stands for an input that nobody named. */
  inputNamed: boolean
}

/**
 * Reads the command line by the table of the program. Of an option that is given twice the last one
 * counts, unless it is a list; `--config` fills in what the command line leaves out. Whatever is
 * wrong is a `PcmError` with status 64.
 */
export const parseArguments = <Spec extends ProgramSpec>(
  spec: Spec,
  argv: readonly string[],
): Parsed<Spec> => {
  const { words, given } = split(spec, argv)
  const config = given.get('config')
  const fromFile = typeof config === 'string' ? readConfig(config, spec.options) : new Map()
  const recipe = spec.recipes?.[String(given.get('recipe') ?? fromFile.get('recipe'))]?.options
  const inputs = words.length > 0 ? words : ['-']
  const args: Record<string, unknown> = { input: inputs[0], inputs }
  for (const [name, option] of Object.entries(spec.options)) {
    const value = given.get(name) ?? fromFile.get(name) ?? recipe?.[name] ?? defaultOf(option)
    if (value === undefined && 'required' in option)
      throw badUsage(`--${name} is missing`, `--${name} ${placeholder(option)}; ${seeHelp(spec)}`)
    args[camelCase(name)] = value
  }
  return { args: args as Arguments<Spec>, inputNamed: words.length > 0 }
}

/** What the command line itself says: positional words, and checked values by option name. */
const split = (spec: ProgramSpec, argv: readonly string[]) => {
  const { _: words, ...raw } = yargs(spelledOut(spec, argv))
    .exitProcess(false)
    .help(false)
    .version(false)
    .strictOptions()
    .showHelpOnFail(false)
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .options(Object.fromEntries(Object.entries(spec.options).map(yargsOption)))
    .fail((message, error) => {
      throw error ?? badUsage(message.toLowerCase(), seeHelp(spec))
    })
    .parseSync()
  if (words.length > 1 && !spec.input.many)
    throw badUsage(`found a second input '${words[1]}', expected one`, seeHelp(spec))
  const given = new Map<string, unknown>()
  for (const [name, option] of Object.entries(spec.options)) {
    const value = raw[name]
    const absent = value === undefined || (option.type === 'count' && value === 0)
    if (!absent) given.set(name, toValue(`--${name}`, option, isList(option) ? value : last(value)))
  }
  return { words: words.map(String), given }
}

/** Numbers travel as strings, so that they are checked here and not turned into NaN on the way. */
const yargsOption = ([name, option]: [string, OptionSpec]): [string, Options] => {
  if (isFlag(option)) return [name, { type: option.type as 'boolean' | 'count' }]
  return [name, isList(option) ? { type: 'array', string: true } : { type: 'string' }]
}

const isList = (option: OptionSpec): boolean => 'list' in option && option.list !== undefined

const last = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value)

const defaultOf = (option: OptionSpec): unknown => {
  if (option.type === 'count') return 0
  if (option.default !== undefined)
    return Array.isArray(option.default) ? [...option.default] : option.default
  return isList(option) && !('required' in option) ? [] : undefined
}
