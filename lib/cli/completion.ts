import { badUsage } from '../error.js'
import { bashCompletion } from './completion/bash.js'
import { fishCompletion } from './completion/fish.js'
import { zshCompletion } from './completion/zsh.js'
import type { Offers, OptionSpec, ProgramSpec } from './program.js'

const SHELLS: Record<string, (spec: ProgramSpec) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

/** A completion script that answers by itself: pressing TAB starts no program. */
export const completion = (spec: ProgramSpec, shell: string, offers: Offers = {}): string => {
  const make = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
  if (!make)
    throw badUsage(
      `--completion: found '${shell}', expected one of ${Object.keys(SHELLS).join(', ')}`,
    )
  return make({ ...spec, options: offering(spec.options, offers) })
}

const offering = (options: ProgramSpec['options'], offers: Offers): ProgramSpec['options'] =>
  Object.fromEntries(
    Object.entries(options).map(([name, option]): [string, OptionSpec] => [
      name,
      offers[name] && option.type === 'string' ? { ...option, offers: offers[name] } : option,
    ]),
  )
