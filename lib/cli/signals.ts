import { isatty } from 'node:tty'
import { Exit } from '../error.js'
import { dieBy, leaveAtOnce, type StopSignal } from './leave.js'

export type { StopSignal } from './leave.js'

/** What schedulers and people send to a running program. */
export interface Signals {
  /**
   * The signal that asks for an end, if one came. A program that has called this once is trusted
   * to call it at every step boundary: the first signal then only shows here. A SIGINT after it
   * ends the process at once; a second SIGTERM does not, since launchers send it to the whole group
   * and hand it on besides. A program that never calls it dies of the first signal.
   */
  requested(): StopSignal | undefined
  /** Called at each SIGUSR1, between two turns of the event loop: write a checkpoint, go on. */
  onCheckpoint(write: () => void): void
  /**
   * Whatever is done so far can be gone on from: a signal that ends the process before it is first
   * asked for one ends it with 75, so that a scheduler runs it again.
   */
  resumable(): void
}

/** Starts to listen. `say` tells the user that the end has been asked for. */
export const listen = (say: (text: string) => void): Signals => {
  let polled = false
  let resumable = false
  let received: StopSignal | undefined
  let checkpoint = () => {}
  const stop = (signal: StopSignal) => {
    if (received) return signal === 'SIGINT' ? dieBy(signal) : undefined
    if (!polled) return resumable ? leaveAtOnce(Exit.requeue) : dieBy(signal)
    received = signal
    say(`${signal}: stopping after this step; SIGINT stops at once`)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // Node undoes what nohup has done before it: SIGHUP ends the process again. But nohup leaves no
  // terminal open, and who has none has nothing to lose with one.
  process.on('SIGHUP', signal => {
    if ([0, 1, 2].some(isatty)) stop(signal as StopSignal)
  })
  // Without a listener, Node answers SIGUSR1 by opening a debugging port.
  process.on('SIGUSR1', () => checkpoint())
  return {
    requested() {
      polled = true
      return received
    },
    onCheckpoint(write) {
      checkpoint = write
    },
    resumable() {
      resumable = true
    },
  }
}
