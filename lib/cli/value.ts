import { badUsage } from '../error.js'
import type { NumberOption, OptionSpec, StringOption } from './program.js'

/**
 * Checks one raw value, a word of the command line or a value of the config file, against its
 * option and gives it its type. `name` is how the user wrote the option, for the message (64).
 */
export const toValue = (name: string, option: OptionSpec, raw: unknown): unknown => {
  if (option.type === 'boolean') return toBoolean(name, raw)
  if (option.type === 'count') return toCount(name, raw)
  if (!option.list) return toElement(name, option, raw)
  const given = Array.isArray(raw) ? raw : [raw]
  const parts = option.list === 'comma' ? given.flatMap(splitCommas) : given
  return parts.map(part => toElement(name, option, part))
}

const splitCommas = (value: unknown): unknown[] =>
  typeof value === 'string' ? value.split(',') : [value]

const toElement = (name: string, option: StringOption | NumberOption, raw: unknown) =>
  option.type === 'string' ? toText(name, option, raw) : toNumber(name, option, raw)

const toText = (name: string, option: StringOption, raw: unknown): string => {
  if (typeof raw !== 'string') throw unexpected(name, raw, 'a string')
  if (raw === '') throw badUsage(`${name} has an empty value`, 'is a shell variable unset?')
  if (option.choices && !option.choices.includes(raw))
    throw unexpected(name, raw, `one of ${option.choices.join(', ')}`)
  return raw
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

const toNumber = (name: string, option: NumberOption, raw: unknown): number => {
  const { type, min = -Infinity, max = Infinity } = option
  const number = typeof raw === 'string' && NUMBER.test(raw) ? Number(raw) : raw
  const right =
    typeof number === 'number' &&
    (type === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number)) &&
    number >= min &&
    number <= max
  if (!right) throw unexpected(name, raw, numberText(option))
  return number
}

/** `an integer from 1 to 1024`. */
export const numberText = ({ type, min, max }: NumberOption): string => {
  const noun = type === 'integer' ? 'an integer' : 'a number'
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`
  if (min !== undefined) return `${noun} of at least ${min}`
  return max !== undefined ? `${noun} of at most ${max}` : noun
}

const toBoolean = (name: string, raw: unknown): boolean => {
  if (typeof raw !== 'boolean') throw unexpected(name, raw, 'true or false')
  return raw
}

const toCount = (name: string, raw: unknown): number => {
  if (typeof raw !== 'number' || !Number.isSafeInteger(raw) || raw < 0)
    throw unexpected(name, raw, 'an integer of at least 0')
  return raw
}

const unexpected = (name: string, found: unknown, expected: string) =>
  badUsage(`${name}: found ${show(found)}, expected ${expected}`)

const show = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value))
