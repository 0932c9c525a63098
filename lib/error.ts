/** Exit statuses of every pcm program; the table of man pages is made from this one. */
export const Exit = {
  done: 0,
  incomplete: 1,
  noRows: 2,
  usage: 64,
  badData: 65,
  noInput: 66,
  unavailable: 69,
  bug: 70,
  io: 74,
  requeue: 75,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitStatus = (typeof Exit)[keyof typeof Exit]

/**
 * A problem that is the user's to solve. The message is one line: what and where, what was found,
 * what was expected; the hint says what to do. Anything else that is thrown is a bug (exit 70).
 */
export class PcmError extends Error {
  readonly exit: ExitStatus
  readonly hint: string | undefined

  constructor(
    message: string,
    { exit, hint, cause }: { exit: ExitStatus; hint?: string; cause?: unknown },
  ) {
    super(message, { cause })
    this.name = 'PcmError'
    this.exit = exit
    this.hint = hint
  }
}

/** Bad data (exit 65): the commonest of all, so it has a short name. */
export const badData = (message: string, hint?: string, cause?: unknown): PcmError =>
  new PcmError(message, { exit: Exit.badData, hint, cause })

/** A command line that cannot be meant (exit 64). */
export const badUsage = (message: string, hint?: string): PcmError =>
  new PcmError(message, { exit: Exit.usage, hint })

/** The code (`ENOENT`, `EPIPE`, ...) of an error that came from the system, if it is one. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
