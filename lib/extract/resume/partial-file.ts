import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { badData, errorCode } from '../../error.js'
import { writeAll } from '../../stream/descriptor-sink.js'
import { writeError } from '../../stream/sink-error.js'
import type { Sink } from '../../stream/sink.js'
import type { BadItem } from '../bad-items.js'
import {
  commitLine,
  difference,
  firstLine,
  readJournal,
  type Commit,
  type Identity,
} from './journal.js'

/** A result that is being made, and outlives the process that makes it. */
export interface PartialFile {
  readonly path: string
  /** What is in it already, by an earlier run; undefined: nothing. */
  readonly done: Commit | undefined
  /** Items that earlier runs could not use. */
  readonly bad: readonly BadItem[]
  /** After `finish` the result is in its place; after `abort` whole batches stay for the next run. */
  readonly sink: Sink
  /** Makes sure, down to the disk, that everything written so far need not be done again. */
  commit(state: Pick<Commit, 'read' | 'batches' | 'rows' | 'bad'>): Promise<void>
}

/**
 * Opens FILE.partial and its journal, FILE.partial.log, for a result that is to be FILE, and cuts
 * off what no line of the journal vouches for. Refused (65) when they are of another run.
 */
export async function openPartialFile(path: string, identity: Identity): Promise<PartialFile> {
  const partial = `${path}.partial`
  const log = `${partial}.log`
  const commits = await earlier(partial, log, identity)
  const done = commits.at(-1)
  const data = await attempt(partial, () => open(partial, done ? 'r+' : 'w'))
  const journal = await attempt(log, () => open(log, 'w'))
  await attempt(partial, () => data.truncate(done?.bytes ?? 0))
  await record(journal, log, firstLine(identity) + commits.map(commitLine).join(''))

  let { bytes, crc } = done ?? { bytes: 0, crc: 0 }
  let any = done !== undefined
  const close = async () => {
    await data.close()
    await journal.close()
  }
  return {
    path: partial,
    done,
    bad: commits.flatMap(({ bad }) => bad),
    sink: {
      async write(piece) {
        await writeAll(data.fd, partial, piece, bytes)
        bytes += piece.byteLength
        // zlib starts anew when it is given no bytes, so it never is.
        if (piece.byteLength > 0) crc = crc32(piece, crc)
      },
      async finish() {
        await attempt(partial, () => data.sync())
        await close()
        await attempt(path, () => rename(partial, path))
        await rm(log, { force: true })
      },
      async abort() {
        await close().catch(() => {})
        if (!any) for (const file of [partial, log]) await rm(file, { force: true })
      },
    },
    async commit(state) {
      await attempt(partial, () => data.datasync())
      await record(journal, log, commitLine({ ...state, bytes, crc }))
      any = true
    },
  }
}

/** The batches of earlier runs that are in the file as they were written. */
async function earlier(partial: string, log: string, identity: Identity): Promise<Commit[]> {
  const text = await readFile(log, 'utf8').catch(error => {
    if (errorCode(error) === 'ENOENT') return ''
    throw writeError(log, error)
  })
  const journal = readJournal(text, log)
  if (!journal) return []
  const differing = difference(journal.identity, identity)
  if (differing !== undefined) {
    throw badData(
      `${partial}: was begun with another ${differing}`,
      `run what was run then, or remove ${partial} and ${log} to begin anew`,
    )
  }
  return vouched(partial, journal.commits)
}

async function vouched(partial: string, commits: readonly Commit[]): Promise<Commit[]> {
  const sound: Commit[] = []
  let bytes = 0
  let crc = 0
  const file = createReadStream(partial, { highWaterMark: 1 << 20 })
  try {
    for await (let chunk of file as AsyncIterable<Buffer>) {
      for (let next = commits[sound.length]; next; next = commits[sound.length]) {
        if (next.bytes > bytes + chunk.length) break
        const part = chunk.subarray(0, next.bytes - bytes)
        if (part.length > 0) crc = crc32(part, crc)
        bytes = next.bytes
        if (crc !== next.crc) return sound
        sound.push(next)
        chunk = chunk.subarray(part.length)
      }
      if (chunk.length > 0) crc = crc32(chunk, crc)
      bytes += chunk.length
      if (sound.length === commits.length) break
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw writeError(partial, error)
  }
  return sound
}

const record = (journal: FileHandle, name: string, text: string): Promise<void> =>
  attempt(name, async () => {
    await journal.appendFile(text)
    await journal.datasync()
  })

const attempt = <Result>(path: string, act: () => Promise<Result>): Promise<Result> =>
  act().catch(error => {
    throw writeError(path, error)
  })
