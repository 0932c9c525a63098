import { execa } from 'execa'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { plainNode, plainNodeCommand } from '../plain-node.js'

export type Name = 'extract' | 'train' | 'embed' | 'eval' | 'plot' | 'zeroshot'

/** Programs that no table of tests runs over. */
type Any = Name | 'cat' | 'rerank'

export const root = fileURLToPath(new URL('../../..', import.meta.url))
export const fixture = (name: string): string => `${root}fixtures/${name}`
export const pathOf = (name: Any): string => `${root}dist/bin/pcm-${name}.js`

/** The program as words of a shell command. */
export const command = (name: Any): string => plainNodeCommand(pathOf(name))

export interface Ended {
  status: number | undefined
  stdout: Buffer
  /** Without lines of progress: a slow machine has some where a fast one has none. */
  stderr: string
}

/** Runs a program to its end; `input` is what comes through standard input (nothing, if not given). */
export const pcm = async (
  name: Any,
  args: string[],
  { input, cwd }: { input?: Uint8Array | Readable; cwd?: string } = {},
): Promise<Ended> => {
  const ended = await execa(...plainNode(pathOf(name), ...args), {
    ...(input instanceof Uint8Array || input === undefined
      ? { input: input ?? new Uint8Array() }
      : { input }),
    cwd: cwd ?? root,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    maxBuffer: 2 ** 28,
    timeout: 120_000,
  })
  return finished(ended)
}

/** Runs a command line through sh. */
export const shell = async (line: string, cwd: string): Promise<Ended> =>
  finished(
    await execa('sh', ['-c', `unset NODE_OPTIONS; ${line}`], {
      cwd,
      encoding: 'buffer',
      stripFinalNewline: false,
      reject: false,
      stdin: 'ignore',
      timeout: 240_000,
    }),
  )

const finished = (ended: {
  exitCode?: number | undefined
  stdout?: Uint8Array | undefined
  stderr?: Uint8Array | undefined
}): Ended => ({
  status: ended.exitCode,
  stdout: Buffer.from(ended.stdout ?? []),
  stderr: withoutProgress(Buffer.from(ended.stderr ?? []).toString('utf8')),
})

/** What a program says, but for how far it is: `pcm-embed: row 24, 20 rows/s`. */
export const withoutProgress = (stderr: string): string =>
  stderr.replace(/^pcm-\w+: (?:direction|epoch|item|rank|row|step) \d+(?:\/\d+)?(?:, .*)?\n/gm, '')

/**
 * What is wrong with the way a program complained, or '': an error is one line that begins with the
 * program's name, and at most one more with a hint.
 */
export const faultOf = (name: Any, stderr: string): string => {
  const [first = '', ...more] = stderr.trimEnd().split('\n')
  if (!first.startsWith(`pcm-${name}: `)) return `no line of pcm-${name}: ${stderr}`
  if (/this is a bug|undefined|\[object|NaN values? NaN/.test(first)) return first
  if (more.length > 1 || more.some(line => !line.startsWith('  '))) return `too much: ${stderr}`
  return ''
}
