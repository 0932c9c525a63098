import { badUsage } from '../../error.js'
import { TERMS } from './index.js'
import type { TermOption, WeightedTerm } from './term.js'

/** `NAME[,OPTION=VALUE]...`: what `--loss` takes. Throws usage (64). */
export function parseLoss(text: string): WeightedTerm {
  const loss = parseTerm(`--loss ${text}`, text, 1)
  if (!TERMS[loss.name]!.alone)
    throw badUsage(
      `--loss ${text}: ${loss.name} is no loss by itself`,
      `add it to one: --loss pcmc --term 0.1*${text}`,
    )
  return loss
}

/** `[WEIGHT*]NAME[,OPTION=VALUE]...`: what `--term` takes. Throws usage (64). */
export function parseAdded(text: string): WeightedTerm {
  const match = /^(?:([^*]*)\*)?(.*)$/s.exec(text)!
  const weight = match[1] === undefined ? 1 : Number(match[1].trim() || NaN)
  if (!(weight > 0 && Number.isFinite(weight)))
    throw badUsage(`--term ${text}: expected WEIGHT*NAME with a weight above 0`)
  return parseTerm(`--term ${text}`, match[2]!, weight)
}

/** The term as it would be asked for, with the options that differ from their defaults. */
export const termText = ({ name, weight, values }: WeightedTerm): string =>
  [
    weight === 1 ? name : `${weight}*${name}`,
    ...Object.entries(values)
      .filter(([option, value]) => value !== TERMS[name]!.options[option]!.default)
      .map(([option, value]) => `${option}=${value}`),
  ].join(',')

/** `what` names the option in messages. */
function parseTerm(what: string, text: string, weight: number): WeightedTerm {
  const [name, ...given] = text.split(',') as [string, ...string[]]
  if (!Object.hasOwn(TERMS, name))
    throw badUsage(
      `${what}: no term is called '${name}'`,
      `there are: ${Object.keys(TERMS).join(', ')}; see pcm-train --list`,
    )
  const { options } = TERMS[name]!
  const values: Record<string, number | string> = Object.fromEntries(
    Object.entries(options).map(([option, spec]) => [option, spec.default]),
  )
  const seen = new Set<string>()
  for (const word of given) {
    const at = word.indexOf('=')
    const option = at < 0 ? word : word.slice(0, at)
    if (!Object.hasOwn(options, option))
      throw badUsage(
        `${what}: ${name} has no option '${option}'`,
        `it has: ${Object.keys(options).join(', ') || 'none'}`,
      )
    if (seen.has(option)) throw badUsage(`${what}: ${option} is given twice`)
    seen.add(option)
    values[option] = valueOf(`${what}: ${option}`, options[option]!, word.slice(at + 1), at)
  }
  const wrong = TERMS[name]!.check?.(values as never)
  if (wrong !== undefined) throw badUsage(`${what}: ${wrong}`)
  return { name, weight, values }
}

function valueOf(what: string, option: TermOption, text: string, at: number): number | string {
  if (option.type === 'choice') {
    if (at >= 0 && option.choices.includes(text)) return text
    throw badUsage(`${what}: expected one of ${option.choices.join(', ')}`)
  }
  const value = at < 0 || text.trim() === '' ? NaN : Number(text)
  if (value >= option.min && value <= option.max) return value
  throw badUsage(`${what}: expected a number from ${option.min} to ${option.max}`)
}
