import { availableParallelism } from 'node:os'
import type { ProvenanceRecord } from '../stream/types.js'
import { openLog, type Log } from './log.js'
import type { common } from './options/common.js'
import type { OptionValues, ProgramSpec } from './program.js'
import { chooseStyle, openProgress, type Progress, type Task } from './progress.js'
import { provenanceRecord } from './record.js'
import { listen, type Signals } from './signals.js'

/** What a program's main has around it. */
export interface Context {
  log: Log
  signals: Signals
  /** `--threads`, or the cores this process may use. */
  threads: number
  /** Starts to show how far a task has come, the way the user wants it. Stop it at the end. */
  progress(task: Task): Progress
  /** The provenance record of this run: `config` in place of the effective option values. */
  record(config?: Record<string, unknown>): ProvenanceRecord
}

export const openContext = (
  spec: ProgramSpec,
  args: OptionValues<typeof common>,
  argv: readonly string[],
): Context => {
  const log = openLog({
    program: spec.name,
    quiet: args.quiet,
    verbose: args.verbose,
    path: args.log,
    timed: args.pg,
  })
  const style = chooseStyle(args, { isTTY: process.stderr.isTTY, env: process.env })
  const threads = args.threads ?? availableParallelism()
  const record = provenanceRecord(spec, args, { argv, threads })
  return {
    log,
    signals: listen(text => log.note(text)),
    threads,
    progress: task => openProgress(style, task, log),
    record: config => (config ? { ...record, config } : { ...record }),
  }
}
