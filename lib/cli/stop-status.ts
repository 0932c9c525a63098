import { Exit, type ExitStatus } from '../error.js'
import type { StopSignal } from './signals.js'

const STATUS: Record<StopSignal, ExitStatus> = {
  SIGHUP: Exit.hungUp,
  SIGINT: Exit.interrupted,
  SIGTERM: Exit.terminated,
}

/** The status of a run that a signal has stopped, and that leaves nothing to go on from. */
export const stopStatus = (signal: StopSignal | undefined): ExitStatus =>
  STATUS[signal ?? 'SIGTERM']
