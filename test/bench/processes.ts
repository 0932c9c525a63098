import { execa } from 'execa'
import { fileURLToPath } from 'node:url'
import type { Sample } from './row.js'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Where a compiled file of ours lies: `bin/pcm-train`. */
export const compiled = (name: string): string => `${root}dist/${name}.js`

/** The same as words of a shell command that run it. */
export const node = (name: string): string => `"$node" '${compiled(name)}'`

/** The test runner and the user may slow every Node process down through NODE_OPTIONS. */
const env = { NODE_OPTIONS: '', PCM_ENGINE: '', CI: '1' }

/** Runs a program to its end; what it wrote, and its wall time in ms from start to exit. */
export const runTimed = async (
  file: string,
  args: readonly string[],
  { cwd, env: more }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ ms: number; stdout: string }> => {
  const start = performance.now()
  const { stdout } = await execa(file, args, { cwd, env: { ...env, ...more }, stdin: 'ignore' })
  return { ms: performance.now() - start, stdout }
}

/** The wall time of a shell command in a folder. */
export const timeShell = async (command: string, cwd: string): Promise<Sample> => {
  const { ms } = await runTimed('sh', ['-ec', command], { cwd, env: { node: process.execPath } })
  return { median: ms, best: ms }
}

/** Runs a file of workers/ in a process of its own; it prints what it measured as JSON. */
export const runWorker = async <T = Sample>(
  name: string,
  given: Record<string, unknown>,
): Promise<T> => {
  const path = fileURLToPath(new URL(`./workers/${name}.js`, import.meta.url))
  const { stdout } = await runTimed(process.execPath, [path, JSON.stringify(given)])
  return JSON.parse(stdout) as T
}
