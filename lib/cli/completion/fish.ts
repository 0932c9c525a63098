import type { OptionSpec, ProgramSpec } from '../program.js'
import { offerOf, spellings } from './offers.js'

/** For `pcm-x --completion fish | source`. */
export const fishCompletion = (spec: ProgramSpec): string =>
  [
    `# fish completion for ${spec.name}`,
    ...Object.entries(spec.options).map(
      ([name, option]) =>
        `complete -c ${spec.name} ${names(name, option)}${values(option)} -d ${quote(option.short)}`,
    ),
    '',
  ].join('\n')

const names = (name: string, option: OptionSpec): string =>
  spellings(name, option)
    .map(word => (word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`))
    .join(' ')

const values = (option: OptionSpec): string => {
  const offer = offerOf(option)
  if (offer.kind === 'choices') return ` -x -a ${quote(offer.choices.join(' '))}`
  if (offer.kind === 'directory') return ` -x -a '(__fish_complete_directories)'`
  return offer.kind === 'file' ? ' -r -F' : offer.kind === 'text' ? ' -x' : ''
}

const quote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`
