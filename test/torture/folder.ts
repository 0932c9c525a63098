import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * An empty folder, in memory where the machine has such: every file with -o is flushed to disk,
 * and there are many. It goes away when the process ends.
 */
export const temporaryFolder = (): string => {
  const home = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const folder = mkdtempSync(join(home, 'pcm-torture-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
