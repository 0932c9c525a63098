import { realpathSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../error.js'
import { descriptorSink, writeAll } from './descriptor-sink.js'
import { removeLeftovers, unfinishedName } from './leftovers.js'
import type { Sink } from './sink.js'
import { writeError } from './sink-error.js'
import { forgetUnfinished, rememberUnfinished } from './unfinished.js'

/**
 * A file that appears whole or not at all: written as PATH.tmp.HOST.PID.N beside its place, flushed
 * to disk, renamed, and its folder flushed too, so that it is there after a power cut. The temporary
 * file is removed on abort and when the process exits.
 */
export const fileSink = async (path: string): Promise<Sink> => {
  const target = followLink(path)
  removeLeftovers(target)
  const { temporary, handle } = await openBeside(path, target)
  rememberUnfinished(temporary)
  const discard = async () => {
    await rm(temporary, { force: true })
    forgetUnfinished(temporary)
  }
  return {
    write: descriptorSink(handle.fd, path).write,
    patch: (at, bytes) => writeAll(handle.fd, path, bytes, at),
    async finish() {
      try {
        await handle.sync()
        await handle.close()
        await rename(temporary, target)
        forgetUnfinished(temporary)
        await flushFolder(dirname(target))
      } catch (error) {
        await discard()
        throw writeError(path, error)
      }
    },
    async abort() {
      await handle.close().catch(() => {})
      await discard()
    },
  }
}

/** Some file systems do not flush folders: theirs are as safe as they get. */
const flushFolder = async (path: string): Promise<void> => {
  try {
    const handle = await open(path, 'r')
    await handle.sync().finally(() => handle.close())
  } catch {
    // The file itself is whole, and in its place.
  }
}

/** A device or named pipe, written where it stands. */
export const deviceSink = async (path: string): Promise<Sink> => {
  const handle = await openDevice(path)
  const { write } = descriptorSink(handle.fd, path)
  return {
    write,
    async finish() {
      await handle.close().catch(error => {
        throw writeError(path, error)
      })
    },
    abort: () => handle.close().catch(() => {}),
  }
}

/**
 * A file that was not there. A process that was killed leaves its own behind, and where process
 * numbers begin anew (a container, a machine that was started again) the next one has that number.
 */
const openBeside = async (path: string, target: string) => {
  for (;;) {
    const temporary = unfinishedName(target)
    try {
      return { temporary, handle: await open(temporary, 'wx') }
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw writeError(path, error)
    }
  }
}

/** What a symbolic link points to is replaced, not the link. */
const followLink = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

const openDevice = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, 'w')
  } catch (error) {
    throw writeError(path, error)
  }
}
