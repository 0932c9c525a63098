import { constants } from 'node:os'
import type { ExitStatus } from '../error.js'

/** Long enough for what a failed program still tidies up by itself. */
const GRACE_MS = 200

/** Ends with a status once everything written has been delivered. */
export const leave = (status: ExitStatus): void => {
  process.exitCode = status
}

/**
 * Ends with the status of a failure. Nothing written is owed to anybody any more, so a read that
 * never returns or a worker that still computes must not keep the process: the one file in which the
 * process is ended by force.
 */
export const leaveFailed = (status: ExitStatus): void => {
  process.exitCode = status
  setTimeout(() => process.exit(status), GRACE_MS).unref()
}

/** Ends at once with a status, as a signal asks for; listeners of `exit` run first. */
export const leaveAtOnce = (status: ExitStatus): void => process.exit(status)

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/**
 * Dies by the signal, as it would have without a handler, so that a shell loop sees it and stops.
 * Listeners of `exit` run first: they remove temporary files.
 */
export const dieBy = (signal: StopSignal): void => {
  process.once('exit', () => {
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
  process.exit(128 + constants.signals[signal])
}
