import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract, type Header } from 'tar-stream'
import { badData, errorCode, PcmError } from '../error.js'

/** One member of an archive. What it holds is passed over unless `bytes` is called in its turn. */
export interface Member {
  readonly name: string
  readonly type: Header['type']
  /** Where its bytes begin in the archive, and how many there are. */
  readonly offset: number
  readonly size: number
  bytes(): Promise<Buffer>
}

const BLOCK = 512

/**
 * The members of a tar archive (ustar, pax and GNU, by tar-stream), in order; nothing is written
 * anywhere. Archives end to end are one. Bad data (65) where a header is damaged or where the end
 * is missing: tar marks it with blocks of zeros, without which members may be lost.
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Member> {
  const parser = extract()
  let length = 0
  const counted = async function* () {
    for await (const chunk of chunks) {
      length += chunk.length
      yield chunk
    }
  }
  // How it went is told by the parser; an early end is nobody's error.
  let failure: unknown
  const feeding = pipeline(Readable.from(counted(), { objectMode: false }), parser).catch(error => {
    failure = error
  })
  let end = 0
  try {
    for await (const entry of parser) {
      const member = memberOf(entry, name)
      end = member.offset + Math.ceil(member.size / BLOCK) * BLOCK
      yield member
      entry.resume()
    }
    await feeding
    if (failure) throw failure
  } catch (error) {
    throw tarError(name, error)
  } finally {
    parser.destroy()
  }
  if (length < end + BLOCK) {
    throw badData(`${name}: tar archive cut short: its end is not marked`)
  }
}

type Entry = AsyncIterable<unknown> & { header: Header }

const memberOf = (entry: Entry, archive: string): Member => {
  // tar-stream tells where the bytes begin, and its types do not know it.
  const header = entry.header as Header & { byteOffset: number }
  return {
    name: header.name,
    type: header.type,
    offset: header.byteOffset,
    size: header.type === 'file' || header.type === 'contiguous-file' ? header.size : 0,
    bytes: async () => {
      const parts: Uint8Array[] = []
      try {
        for await (const part of entry) parts.push(part as Uint8Array)
      } catch (error) {
        throw tarError(archive, error)
      }
      return Buffer.concat(parts)
    },
  }
}

const tarError = (name: string, error: unknown): unknown => {
  if (error instanceof PcmError || errorCode(error)?.startsWith('E')) return error
  const said = error instanceof Error ? error.message.split('\n')[0]!.slice(0, 160) : String(error)
  const short = said === 'Unexpected end of data'
  return badData(
    short
      ? `${name}: tar archive cut short: ${said.toLowerCase()}`
      : `${name}: no sound tar archive: ${said}`,
    undefined,
    error,
  )
}
