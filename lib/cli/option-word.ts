import { badUsage, type PcmError } from '../error.js'
import { nearest } from '../nearest.js'
import type { OptionSpec, OptionTable, ProgramSpec } from './program.js'

/** A word of the command line that is an option, taken apart. */
export interface OptionWord {
  name: string
  option: OptionSpec
  /** It began with `--no-`. */
  negated: boolean
  /** What follows `=`. */
  attached: string | undefined
}

/** Takes `--name`, `--no-name` or `--name=value` apart; what no option is called is refused (64). */
export const longOption = (spec: ProgramSpec, word: string): OptionWord => {
  const equals = word.indexOf('=')
  const written = word.slice(2, equals < 0 ? undefined : equals)
  const attached = equals < 0 ? undefined : word.slice(equals + 1)
  const negated = !Object.hasOwn(spec.options, written) && written.startsWith('no-')
  const name = negated ? written.slice(3) : written
  const option = Object.hasOwn(spec.options, name) ? spec.options[name] : undefined
  if (!option || (negated && option.type !== 'boolean')) throw unknown(spec, `--${written}`)
  if (attached !== undefined && isFlag(option))
    throw badUsage(`--${written} takes no value, found '${attached}'`, seeHelp(spec))
  return { name, option, negated, attached }
}

/** What `-x` stands for. */
export const shortOption = (spec: ProgramSpec, letter: string): OptionWord => {
  for (const [name, option] of Object.entries(spec.options))
    if (option.alias === letter) return { name, option, negated: false, attached: undefined }
  throw unknown(spec, `-${letter}`)
}

/** True where the option takes no value. */
export const isFlag = (option: OptionSpec): boolean =>
  option.type === 'boolean' || option.type === 'count'

/** Every spelling that help shows, `--no-` forms included. */
export const optionNames = (table: OptionTable): string[] =>
  Object.entries(table).flatMap(([name, option]) => {
    if (option.type !== 'boolean' || option.default === false) return [`--${name}`]
    return option.default ? [`--no-${name}`] : [`--${name}`, `--no-${name}`]
  })

export const seeHelp = (spec: ProgramSpec): string => `see ${spec.name} --help`

const unknown = (spec: ProgramSpec, written: string): PcmError => {
  const like = written.startsWith('--') ? nearest(written, optionNames(spec.options)) : undefined
  const hint = like ? `did you mean ${like}? ${seeHelp(spec)}` : seeHelp(spec)
  return badUsage(`unknown option ${written}`, hint)
}
