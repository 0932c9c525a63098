import type { Test } from 'tap'
import type { Engine } from '../../lib/engine/types.js'
import { Exit, PcmError } from '../../lib/error.js'

/**
 * Runs a test on an engine that this machine may lack: the test is then skipped, with what is
 * missing, and counted as skipped. Whatever else goes wrong fails.
 */
export async function withEngine(
  t: Test,
  what: string,
  open: () => Promise<Engine>,
  body: (t: Test, engine: Engine) => Promise<void>,
): Promise<void> {
  const opened = await open().catch((error: unknown) => {
    if (error instanceof PcmError && error.exit === Exit.unavailable) return error
    throw error
  })
  if (opened instanceof PcmError) {
    await t.test(what, { skip: `not run: no ${what} (${opened.message})` }, () => {})
    return
  }
  await t.test(opened.description, async t => {
    t.teardown(async () => await opened.dispose())
    await body(t, opened)
  })
}
