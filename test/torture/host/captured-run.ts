import type { Context } from '../../../lib/cli/context.js'
import type { ProgramSpec } from '../../../lib/cli/program.js'
import type { ExitStatus } from '../../../lib/error.js'

/** What a file of bin/ hands to `run`. */
export interface Program {
  spec: ProgramSpec
  main: (args: object, context: Context) => Promise<ExitStatus>
}

/** By the name of the program; filled in as files of bin/ are imported. */
export const captured = new Map<string, Program>()

/** Stands in for lib/cli/run.ts where a file of bin/ imports it: the program is kept, not started. */
export const run = (spec: ProgramSpec, main: Program['main']): void =>
  void captured.set(spec.name, { spec, main })
