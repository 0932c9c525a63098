/**
 * A process that runs programs one after the other, as often as it is asked to (hosted.ts), each
 * from its command line to its exit status by the code of bin/ and lib/. Starting Node and loading
 * what a program needs takes a hundred times longer than most of these runs.
 */

import { register } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import { outcomeOf } from '../../../lib/cli/outcome.js'
import { perform } from '../../../lib/cli/run.js'
import { captured, type Program } from './captured-run.js'
import type { Asked, Answer } from './hosted.js'

register('./hooks.js', import.meta.url)

const programOf = async (name: string): Promise<Program> => {
  if (!captured.has(name)) await import(new URL(`../../../bin/${name}.js`, import.meta.url).href)
  return captured.get(name)!
}

/** What went wrong where nobody waited for it, during the run that goes on. */
let stray: unknown[] = []
process.on('uncaughtException', error => stray.push(error))
process.on('unhandledRejection', error => stray.push(error))

let told = ''
process.stderr.write = (text: string | Uint8Array) => {
  told += typeof text === 'string' ? text : Buffer.from(text).toString('utf8')
  return true
}
process.stdout.write = () => true
// A program leaves files to the end of its process where it fails; here that end does not come.
process.removeAllListeners('warning')

const runOne = async ({ program, argv, cwd }: Asked): Promise<Answer> => {
  const { spec, main } = await programOf(program)
  const before = process.listeners('exit')
  told = ''
  stray = []
  process.chdir(cwd)
  const used = process.cpuUsage()
  const ended = await perform(spec as Parameters<typeof perform>[0], main, argv).then(
    status => ({ status, lines: [] }),
    outcomeOf,
  )
  // As long as a process would have lived on: a rejection that nobody handles comes now.
  await setImmediate()
  await setImmediate()
  const { status, lines } = stray.length > 0 ? outcomeOf(stray[0]) : ended
  if (lines.length) told += `${spec.name}: ${lines.join('\n')}\n`
  const { user, system } = process.cpuUsage(used)
  const ms = (user + system) / 1000
  leaveAsAProcess(before, status)
  return { status, stderr: told, ms, peak: process.resourceUsage().maxRSS * 1024 }
}

/** What the end of the process would have done: listeners of exit run, those of signals go. */
const leaveAsAProcess = (before: readonly unknown[], status: number): void => {
  for (const listener of process.listeners('exit'))
    if (!before.includes(listener)) {
      process.off('exit', listener)
      listener.call(process, status)
    }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGUSR1']) process.removeAllListeners(signal)
  process.exitCode = 0
}

process.on('message', (asked: Asked) => void runOne(asked).then(answer => process.send!(answer)))
process.send!('ready')
