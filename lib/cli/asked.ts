import type { ProgramSpec } from './program.js'

/**
 * What the user wants printed instead of a run: help, version, completion; else undefined. Looked
 * for before anything is parsed or loaded, so it works however wrong the rest of the line is.
 */
export const asked = async (
  spec: ProgramSpec,
  argv: readonly string[],
): Promise<string | undefined> => {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  if (words.includes('--help')) return (await import('./help.js')).longHelp(spec)
  if (words.includes('-h')) return (await import('./help.js')).shortHelp(spec)
  if (words.includes('--version'))
    return `${(await import('./version.js')).versionLine(spec.name)}\n`
  const shell = completionShell(words)
  if (shell === undefined) return undefined
  return (await import('./completion.js')).completion(spec, shell, await spec.offers?.())
}

const completionShell = (words: readonly string[]): string | undefined => {
  for (const [i, word] of words.entries()) {
    if (word === '--completion') return words[i + 1]
    if (word.startsWith('--completion=')) return word.slice('--completion='.length)
  }
  return undefined
}
