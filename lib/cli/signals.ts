import { dieBy } from './leave.js'

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** What schedulers and people send to a running program. */
export interface Signals {
  /**
   * The signal that asks for an end, if one came. A program that has called this once is trusted
   * to call it at every step boundary: the first signal then only shows here, a second one ends
   * the process at once. A program that never calls it dies of the first.
   */
  requested(): StopSignal | undefined
  /** Called at each SIGUSR1, between two turns of the event loop: write a checkpoint, go on. */
  onCheckpoint(write: () => void): void
}

/** Starts to listen. `say` tells the user that the end has been asked for. */
export const listen = (say: (text: string) => void): Signals => {
  let polled = false
  let received: StopSignal | undefined
  let checkpoint = () => {}
  const stop = (signal: StopSignal) => {
    if (!polled || received) return dieBy(signal)
    received = signal
    say(`${signal}: stopping after this step, once more stops at once`)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
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
  }
}
