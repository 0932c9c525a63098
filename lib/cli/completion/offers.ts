import { optionNames } from '../option-word.js'
import type { OptionSpec, ProgramSpec } from '../program.js'

/** What can follow an option: a few words, a file, a directory, something else, or nothing. */
export type Offer =
  | { kind: 'choices'; choices: readonly string[] }
  | { kind: 'file' | 'directory' | 'text' | 'nothing' }

export const offerOf = (option: OptionSpec): Offer => {
  if (option.type === 'boolean' || option.type === 'count') return { kind: 'nothing' }
  const words = option.type === 'string' && (option.choices ?? option.offers)
  if (words) return { kind: 'choices', choices: words }
  if (option.argument === 'FILE') return { kind: 'file' }
  return { kind: option.argument === 'DIR' ? 'directory' : 'text' }
}

/** Every spelling of one option: `-o` and `--output`, or `--progress` and `--no-progress`. */
export const spellings = (name: string, option: OptionSpec): string[] => [
  ...(option.alias ? [`-${option.alias}`] : []),
  ...optionNames({ [name]: option }),
]

/** `pcm_train`: the name of the program as shells take it for a function. */
export const functionName = (spec: ProgramSpec): string => spec.name.replaceAll('-', '_')
