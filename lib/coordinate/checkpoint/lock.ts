import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, Exit, PcmError } from '../../error.js'
import { hasGone, type Owner, ownerText, parseOwner, thisProcess } from './owner.js'

/** A folder that belongs to this process until it lets go or ends. */
export interface Lock {
  /** Throws (74) where somebody has taken it away: what is written then may be somebody else's. */
  check(): void
  release(): void
}

const NAME = 'lock'

/**
 * Takes a folder for this process. The lock is a symbolic link whose target names the owner: it
 * appears at once and whole, on network file systems too. One whose owner has gone is taken over;
 * else the folder is refused (74) with the owner's name.
 */
export const lockFolder = (folder: string): Lock => {
  const path = join(folder, NAME)
  const mine = ownerText(thisProcess())
  take(folder, path, mine)
  const release = (): void => {
    process.off('exit', release)
    if (read(path) === mine) rmSync(path, { force: true })
  }
  process.on('exit', release)
  return {
    check() {
      const found = read(path)
      if (found === mine) return
      throw new PcmError(`${path}: the lock of this run has been taken away`, {
        exit: Exit.io,
        hint: 'another run may write to the folder now, so this one stops',
      })
    },
    release,
  }
}

const take = (folder: string, path: string, mine: string): void => {
  for (let attempt = 0; ; attempt++) {
    try {
      return symlinkSync(mine, path)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
    const found = read(path)
    // Gone in between: another try.
    if (found === undefined && attempt < 5) continue
    const owner = parseOwner(found ?? '')
    if (!owner || !hasGone(owner)) throw taken(folder, path, owner)
    remove(path, found!)
  }
}

/** Removes a dead lock, and no other: by the time we come, a third run may have taken the folder. */
const remove = (path: string, dead: string): void => {
  const aside = `${path}.dead.${process.pid}`
  try {
    renameSync(path, aside)
    if (read(aside) === dead) rmSync(aside, { force: true })
    else renameSync(aside, path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

const read = (path: string): string | undefined => {
  try {
    return readlinkSync(path)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return undefined
    // Somebody's file of that name.
    if (code === 'EINVAL') return ''
    throw error
  }
}

const taken = (folder: string, path: string, owner: Owner | undefined): PcmError => {
  const who = owner
    ? `process ${owner.pid} on ${owner.host}${owner.job && `, job ${owner.job}`}`
    : 'somebody unknown'
  return new PcmError(`${folder}: another run writes its checkpoints there (${who})`, {
    exit: Exit.io,
    hint: `name another folder; where that run has ended for sure, remove ${path}`,
  })
}
