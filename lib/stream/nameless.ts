import { constants, openSync, rmSync } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '../error.js'
import { removeLeftovers, unfinishedName } from './leftovers.js'

/**
 * Temporary files that have no name when they are handed out, so that nothing is left behind however
 * the program ends, SIGKILL included. Where the system can, they never had one; elsewhere one exists
 * for a moment, and what was killed in that moment is tidied up by the next who needs such a file.
 */
export const openNamelessSync = (): number => {
  try {
    return openSync(tmpdir(), NEVER_NAMED, OWNER_ONLY)
  } catch (error) {
    if (!isUnknownHere(error)) throw error
  }
  const path = shortName()
  try {
    return openSync(path, 'wx+', OWNER_ONLY)
  } finally {
    rmSync(path, { force: true })
  }
}

/** The same as a handle. */
export const openNameless = async (): Promise<FileHandle> => {
  try {
    return await open(tmpdir(), NEVER_NAMED, OWNER_ONLY)
  } catch (error) {
    if (!isUnknownHere(error)) throw error
  }
  const path = shortName()
  try {
    return await open(path, 'wx+', OWNER_ONLY)
  } finally {
    await rm(path, { force: true })
  }
}

const OWNER_ONLY = 0o600

/** `__O_TMPFILE` of Linux, for which Node has no word; other systems never get to see it. */
const TMPFILE = process.platform === 'linux' ? 0o20000000 : 0
const NEVER_NAMED = constants.O_RDWR | constants.O_DIRECTORY | TMPFILE

/** What systems and file systems say that cannot do without a name, EISDIR being the oldest. */
const isUnknownHere = (error: unknown): boolean =>
  ['EISDIR', 'EOPNOTSUPP', 'ENOTSUP', 'EINVAL'].includes(errorCode(error) ?? '')

const shortName = (): string => {
  const target = join(tmpdir(), 'pcm')
  removeLeftovers(target)
  return unfinishedName(target)
}
