import type { ProgramSpec } from '../program.js'
import { functionName, offerOf, spellings, type Offer } from './offers.js'

/** For `source <(pcm-x --completion bash)`. */
export const bashCompletion = (spec: ProgramSpec): string => {
  const options = Object.entries(spec.options)
  const cases = options.flatMap(([name, option]) => {
    const answer = reply(offerOf(option))
    return answer ? [`    ${spellings(name, option).join('|')}) ${answer}; return ;;`] : []
  })
  const words = options.flatMap(([name, option]) => spellings(name, option)).join(' ')
  return `# bash completion for ${spec.name}
_${functionName(spec)}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  # bash takes --name=value for three words
  [[ $cur == = ]] && cur=
  [[ $prev == = ]] && prev=\${COMP_WORDS[COMP_CWORD-2]}
  COMPREPLY=()
  case $prev in
${cases.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '${words}' -- "$cur"))
  else
    compopt -o filenames
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}
complete -F _${functionName(spec)} ${spec.name}
`
}

const reply = (offer: Offer): string => {
  if (offer.kind === 'choices')
    return `COMPREPLY=($(compgen -W '${offer.choices.join(' ')}' -- "$cur"))`
  if (offer.kind === 'file') return 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur"))'
  if (offer.kind === 'directory') return 'compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur"))'
  return offer.kind === 'text' ? ':' : ''
}
