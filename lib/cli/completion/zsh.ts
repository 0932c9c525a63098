import { placeholder } from '../facts.js'
import type { OptionSpec, ProgramSpec } from '../program.js'
import { functionName, offerOf, spellings } from './offers.js'

/** For a file named `_pcm-x` in a directory of `$fpath`. */
export const zshCompletion = (spec: ProgramSpec): string => {
  const rows = Object.entries(spec.options).flatMap(([name, option]) =>
    spellings(name, option).map(spelling => `    ${quote(argument(spelling, option))} \\`),
  )
  return `#compdef ${spec.name}
# zsh completion for ${spec.name}
_${functionName(spec)}() {
  _arguments -s -S \\
${rows.join('\n')}
    ${quote(`${spec.input.many ? '*' : ''}:${escape(spec.input.argument)}:_files`)}
}
if [ "$funcstack[1]" = "_${spec.name}" ]; then
  _${functionName(spec)} "$@"
else
  compdef _${functionName(spec)} ${spec.name}
fi
`
}

const argument = (spelling: string, option: OptionSpec): string => {
  const repeatable = option.type === 'count' || ('list' in option && option.list)
  const takes = offerOf(option).kind !== 'nothing'
  const glued = !takes ? '' : spelling.startsWith('--') ? '=' : '+'
  const text = `[${escape(option.short)}]`
  const value = takes ? `:${escape(placeholder(option))}:${action(option)}` : ''
  return `${repeatable ? '*' : ''}${spelling}${glued}${text}${value}`
}

const action = (option: OptionSpec): string => {
  const offer = offerOf(option)
  if (offer.kind === 'choices') return `(${offer.choices.join(' ')})`
  return offer.kind === 'file' ? '_files' : offer.kind === 'directory' ? '_files -/' : ' '
}

/** Characters that `_arguments` gives a meaning. */
const escape = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&')

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
