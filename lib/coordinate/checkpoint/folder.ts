import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { badUsage } from '../../error.js'
import { writeError } from '../../stream/sink-error.js'
import { type Lock, lockFolder } from './lock.js'

/** Checkpoints of one run: a file each, in the order of its steps; the clock has no part in it. */
export interface CheckpointFolder {
  readonly path: string
  /** The files, that of the latest step first. */
  newestFirst(): string[]
  pathOf(step: number): string
  remove(file: string): void
  /** Removes all but the latest few. */
  prune(): void
  readonly lock: Lock
}

/** The last one may be damaged: there is one before, and one before that. */
const KEPT = 3

const FILE = /^step-\d{10}\.arrows$/
const UNFINISHED = /^step-\d{10}\.arrows\.tmp\./

/**
 * Makes the folder where there is none, takes it for this process, and removes what a killed run
 * has left half-written. Without `resume` a folder with checkpoints is refused (64).
 */
export const openFolder = (path: string, { resume }: { resume: boolean }): CheckpointFolder => {
  const lock = attempt(path, () => {
    makeFolder(path)
    return lockFolder(path)
  })
  const named = (pattern: RegExp): string[] =>
    attempt(path, () => readdirSync(path))
      .filter(name => pattern.test(name))
      .sort()
      .reverse()
      .map(name => join(path, name))
  const remove = (files: readonly string[]): void =>
    attempt(path, () => files.forEach(file => rmSync(file, { force: true })))
  const folder: CheckpointFolder = {
    path,
    newestFirst: () => named(FILE),
    pathOf: step => join(path, `step-${String(step).padStart(10, '0')}.arrows`),
    remove: file => remove([file]),
    prune: () => remove(folder.newestFirst().slice(KEPT)),
    lock,
  }
  remove(named(UNFINISHED))
  if (!resume && folder.newestFirst().length > 0) {
    lock.release()
    throw badUsage(
      `--checkpoint ${path}: holds the checkpoints of a run`,
      '--resume goes on from them; for a new run name another folder, or remove them',
    )
  }
  return folder
}

/** With those above it. Node's own `recursive` never ends where none can be made, as in /proc. */
const makeFolder = (path: string): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  if (!existsSync(dirname(path))) makeFolder(dirname(path))
  mkdirSync(path)
}

const attempt = <Result>(path: string, act: () => Result): Result => {
  try {
    return act()
  } catch (error) {
    throw writeError(path, error)
  }
}
