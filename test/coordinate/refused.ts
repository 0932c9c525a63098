import type { Test } from 'tap'
import { PcmError, type ExitStatus } from '../../lib/error.js'

/** Asserts that `f` refuses what it is given with this exit status, in words that match. */
export function refused(t: Test, f: () => unknown, exit: ExitStatus, words: RegExp): void {
  try {
    f()
    t.fail(`nothing was refused, expected ${words}`)
  } catch (error) {
    isRefusal(t, error, exit, words)
  }
}

/** The same for what is refused later. */
export async function rejected(
  t: Test,
  promise: Promise<unknown>,
  exit: ExitStatus,
  words: RegExp,
): Promise<void> {
  await promise.then(
    () => t.fail(`nothing was refused, expected ${words}`),
    (error: unknown) => isRefusal(t, error, exit, words),
  )
}

function isRefusal(t: Test, error: unknown, exit: ExitStatus, words: RegExp): void {
  if (!(error instanceof PcmError)) throw error
  t.equal(error.exit, exit, error.message)
  t.match(error.message, words)
  t.notMatch(error.message, /\n/, 'one line')
}
