import type { TermOption } from './term.js'

/** What an option of a term takes, for people: `balanced|mean`, or `0 to 2`. */
export const optionRange = (option: TermOption): string =>
  option.type === 'choice' ? option.choices.join('|') : `${option.min} to ${option.max}`
