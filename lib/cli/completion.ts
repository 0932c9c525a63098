import { badUsage } from '../error.js'
import { bashCompletion } from './completion/bash.js'
import { fishCompletion } from './completion/fish.js'
import { zshCompletion } from './completion/zsh.js'
import type { ProgramSpec } from './program.js'

const SHELLS: Record<string, (spec: ProgramSpec) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

/** A completion script that answers by itself: pressing TAB starts no program. */
export const completion = (spec: ProgramSpec, shell: string): string => {
  const make = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
  if (!make)
    throw badUsage(
      `--completion: found '${shell}', expected one of ${Object.keys(SHELLS).join(', ')}`,
    )
  return make(spec)
}
