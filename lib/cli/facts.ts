import { isFlag } from './option-word.js'
import type { OptionSpec } from './program.js'
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
  const byDefault = option.otherwise ?? option.default
  if (byDefault !== undefined) facts.push(`default: ${[byDefault].flat().join(',')}`)
  return facts.join('; ')
}
