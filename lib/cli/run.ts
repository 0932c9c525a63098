import { isatty } from 'node:tty'
import { Exit, type ExitStatus } from '../error.js'
import { asked } from './asked.js'
import type { Context } from './context.js'
import { leave, leaveFailed } from './leave.js'
import type { common } from './options/common.js'
import { outcomeOf } from './outcome.js'
import type { Arguments, ProgramSpec } from './program.js'

/** A program that has the shared options among its own. */
type SharedSpec = ProgramSpec<typeof common>

/**
 * Runs a program: reads the command line by `spec`, calls `main`, and turns what it returns or
 * throws into the exit status. The status is set here and nowhere else. `main` imports what it
 * needs when it is called, so that help and misuse are answered at once.
 *
 * A whole program in bin/ has five movements: open, plan, work, close, tell.
 *
 *     #!/usr/bin/env node
 *     import { Exit } from '../lib/error.js'
 *     import { embed } from '../lib/cli/options/pcm-embed.js'
 *     import { run } from '../lib/cli/run.js'
 *
 *     run(embed, async (args, { log, progress, record }) => {
 *       const { openStream } = await import('../lib/stream/read.js')
 *       const { createStream } = await import('../lib/stream/write.js')
 *       ...
 *       log.note(`${rows} rows`)
 *       return rows ? Exit.done : Exit.noRows
 *     })
 */
export const run = <Spec extends SharedSpec>(
  spec: Spec,
  main: (args: Arguments<Spec>, context: Context) => Promise<ExitStatus>,
): void => {
  // Should the event loop run dry before there is an outcome, this is what the shell sees.
  process.exitCode = Exit.bug
  let failed = false
  const fail = (error: unknown): void => {
    if (failed) return
    failed = true
    const { status, lines } = outcomeOf(error)
    if (lines.length) process.stderr.write(`${spec.name}: ${lines.join('\n')}\n`)
    leaveFailed(status)
  }
  watchForMishaps(fail)
  perform(spec, main, process.argv.slice(2)).then(status => {
    if (!failed) leave(status)
  }, fail)
}

/** One run, without anything that concerns the whole process: its status, or what it threw. */
export const perform = async <Spec extends SharedSpec>(
  spec: Spec,
  main: (args: Arguments<Spec>, context: Context) => Promise<ExitStatus>,
  argv: string[],
): Promise<ExitStatus> => {
  const answer = await asked(spec, argv)
  if (answer !== undefined) {
    process.stdout.write(answer)
    return Exit.done
  }
  if (argv.length === 0 && isatty(0)) return misuse(spec)
  const { parseArguments } = await import('./parse.js')
  const { args, inputNamed } = parseArguments(spec, argv)
  if (!inputNamed && !spec.input.optional && isatty(0)) return misuse(spec)
  const { openContext } = await import('./context.js')
  return main(args, openContext(spec, args, argv))
}

/** Somebody typed the bare name at a terminal: show what to type. */
const misuse = async (spec: ProgramSpec): Promise<ExitStatus> => {
  const { shortHelp } = await import('./help.js')
  process.stderr.write(shortHelp(spec))
  return Exit.usage
}

/** What goes wrong where nobody waits for it is a failure too, also after main has returned. */
const watchForMishaps = (fail: (error: unknown) => void): void => {
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  process.stdout.on('error', fail)
  // Nobody reads the messages any more: no reason to stop.
  process.stderr.on('error', () => {})
  process.once('beforeExit', () => {
    if (process.exitCode === Exit.bug) fail(new Error('the program stopped without an outcome'))
  })
}
