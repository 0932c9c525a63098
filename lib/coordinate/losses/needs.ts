import type { Term } from './term.js'

/** What has to be there for a term, as phrases; nothing for most. */
export const needsOf = ({ alone, tokens, teacher, memory }: Term): string[] => [
  ...(alone ? [] : ['only beside another, by --term']),
  ...(tokens === 'needed' ? ['features have to be tokens'] : []),
  ...(memory ? ['looks at momentum heads, see --momentum and --queue'] : []),
  ...(teacher ? ['needs --teacher MODEL or --init MODEL'] : []),
]
