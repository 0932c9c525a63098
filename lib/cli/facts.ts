import { isFlag } from './option-word.js'
import type { NumberOption, OptionSpec, StringOption } from './program.js'
import { numberText } from './value.js'

/** `-o, --output FILE`, `--no-pg`, `--[no-]progress`. */
export const optionLabel = (name: string, option: OptionSpec): string => {
  const alias = option.alias ? `-${option.alias}, ` : ''
  return `${alias}${longForm(name, option)}${placeholder(option) && ` ${placeholder(option)}`}`
}

const longForm = (name: string, option: OptionSpec): string => {
  if (option.type !== 'boolean' || option.default === false) return `--${name}`
  return option.default ? `--no-${name}` : `--[no-]${name}`
}

/** What stands for the value, empty where there is none. */
export const placeholder = (option: OptionSpec): string => {
  if (isFlag(option)) return ''
  return ('argument' in option && option.argument) || (option.type === 'string' ? 'TEXT' : 'N')
}

/** What the table knows of the values: `one of pcmc, pcmr; default pcmc`; empty where nothing. */
export const optionFacts = (option: OptionSpec): string => {
  if (option.type === 'boolean' || option.type === 'count') return ''
  const facts: string[] = []
  if (option.type === 'string' && option.choices) facts.push(`one of ${option.choices.join(', ')}`)
  if (option.type !== 'string' && (option.min !== undefined || option.max !== undefined))
    facts.push(numberText(option))
  if (option.list) facts.push('may be repeated')
  if (option.required) facts.push('required')
  return [...facts, ...defaultFact(option)].join('; ')
}

/** The facts that a line may have room for: `pcmc, pcmr; default: pcmc`. */
export const briefFacts = (option: OptionSpec): string => {
  if (option.type === 'boolean' || option.type === 'count') return ''
  const choices = option.type === 'string' && option.choices ? [option.choices.join(', ')] : []
  const required = option.required ? ['required'] : []
  return [...choices, ...required, ...defaultFact(option)].join('; ')
}

const defaultFact = (option: StringOption | NumberOption): string[] => {
  const value = option.otherwise ?? option.default
  return value === undefined ? [] : [`default: ${[value].flat().join(',')}`]
}
