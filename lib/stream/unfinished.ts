import { rmSync } from 'node:fs'

/**
 * Temporary files that no longer mean anything once this process has gone. They are removed when
 * it exits; signals end a program by an exit as well (lib/cli/leave.ts), so they are covered.
 */
const unfinished = new Set<string>()

export const rememberUnfinished = (path: string): void => {
  if (unfinished.size === 0) process.on('exit', discardUnfinished)
  unfinished.add(path)
}

export const forgetUnfinished = (path: string): void => {
  unfinished.delete(path)
  if (unfinished.size === 0) process.off('exit', discardUnfinished)
}

const discardUnfinished = (): void => {
  for (const path of unfinished) rmSync(path, { force: true })
  unfinished.clear()
}
