import { readdirSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { errorCode } from '../error.js'

let serial = 0

/** A name beside the target for what is not finished; two of one process differ (`-o x --log x`). */
export const unfinishedName = (target: string): string =>
  `${target}.tmp.${hostname()}.${process.pid}.${serial++}`

/**
 * Removes what processes of this machine that are no more (SIGKILL lets nobody tidy up) have left
 * beside the target. Of other machines nobody here can tell.
 */
export const removeLeftovers = (target: string): void => {
  const prefix = `${basename(target)}.tmp.${hostname()}.`
  try {
    for (const name of readdirSync(dirname(target))) {
      const pid = name.startsWith(prefix) && /^(\d+)\.\d+$/.exec(name.slice(prefix.length))?.[1]
      if (pid && !isAlive(Number(pid))) rmSync(join(dirname(target), name), { force: true })
    }
  } catch {
    // A folder that cannot be read or written will be complained of by whoever opens the file.
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
