import { rmSync } from 'node:fs'

/** Temporary files that no longer mean anything once this process has gone. */
const unfinished = new Set<string>()

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export const rememberUnfinished = (path: string): void => {
  if (unfinished.size === 0) watch()
  unfinished.add(path)
}

export const forgetUnfinished = (path: string): void => {
  unfinished.delete(path)
  if (unfinished.size === 0) unwatch()
}

/** Removes them at once. Called at exit; whoever ends the process by a signal calls it before. */
export const discardUnfinished = (): void => {
  for (const path of unfinished) rmSync(path, { force: true })
  unfinished.clear()
  unwatch()
}

const watch = () => {
  process.on('exit', discardUnfinished)
  for (const signal of SIGNALS) process.on(signal, dieClean)
}

const unwatch = () => {
  process.off('exit', discardUnfinished)
  for (const signal of SIGNALS) process.off(signal, dieClean)
}

/** Does what the signal would have done without us, unless the program handles it itself. */
const dieClean = (signal: NodeJS.Signals) => {
  if (process.listenerCount(signal) > 1) return
  discardUnfinished()
  process.kill(process.pid, signal)
}
