import { badUsage } from '../error.js'
import { isFlag, longOption, seeHelp, shortOption } from './option-word.js'
import type { ProgramSpec } from './program.js'

/**
 * The words of the command line, each option checked against the table and spelled out:
 * `-ofile` and `-qofile` become `--output="file"`. The parser behind knows less: it takes `--no-lr 3`
 * for a number option turned off, `--quiet=yes` for a no, and strips one pair of quotes, which is
 * why a pair is put around every value here.
 */
export const spelledOut = (spec: ProgramSpec, argv: readonly string[]): string[] => {
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (word === '--') return [...words, ...argv.slice(i)]
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      continue
    }
    const found = word.startsWith('--') ? [longOption(spec, word)] : cluster(spec, word)
    for (const { name, option, negated, attached } of found) {
      if (isFlag(option)) words.push(negated ? `--no-${name}` : `--${name}`)
      else words.push(`--${name}="${attached ?? valueAfter(spec, name, argv, ++i)}"`)
    }
  }
  return words
}

/** `-qofile`: letters up to the first that takes a value; what follows it is the value. */
const cluster = (spec: ProgramSpec, word: string) => {
  const found = []
  for (let i = 1; i < word.length; i++) {
    const option = shortOption(spec, word[i]!)
    const rest = word.slice(i + 1)
    if (!isFlag(option.option) && rest !== '') return [...found, { ...option, attached: rest }]
    found.push(option)
  }
  return found
}

const valueAfter = (spec: ProgramSpec, name: string, argv: readonly string[], at: number) => {
  const value = argv[at]
  // A value may begin with a dash only when it is a number or the bare dash of a standard stream.
  if (value === undefined || /^-[^\d.]/.test(value))
    throw badUsage(`--${name} needs a value`, seeHelp(spec))
  return value
}
