import { open, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { crc32, createGunzip } from 'node:zlib'
import { badData, errorCode } from '../../error.js'
import { inputError } from '../../formats/byte-range.js'
import { openSource } from '../../stream/source.js'
import { kindOf } from './kinds.js'
import type { Manifest } from './manifest.js'
import { spoolSource } from '../spool.js'

/**
 * Opens a manifest: a table, an archive, a directory or a pattern of files, told by its name or
 * else by its first bytes; compressed by gzip or not. What cannot be read twice is first copied to
 * a temporary file, since a manifest is read twice: once to learn the types, vocabularies and
 * number of its rows, so that mistakes show before any work is done.
 */
export async function openManifest(
  path: string,
  warn: (text: string) => void = () => {},
): Promise<Manifest> {
  if (path !== '-' && (await isFolder(path))) return (await import('./folder.js')).openFolder(path)
  const name = path === '-' ? 'standard input' : path
  const file = await openTwice(path, name)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0)
    if (bytesRead === 0) throw badData(`${name}: is empty (zero bytes)`)
    const kind = kindOf(path, buffer.subarray(0, bytesRead))
    const content = await kind.open({
      name,
      descriptor: file.fd,
      chunks: () => chunksOf(file),
      warn: once(warn),
    })
    const piped = path === '-' || path.startsWith('/dev/fd/')
    return {
      ...content,
      name,
      directory: piped ? '.' : dirname(path),
      fingerprint: () => digestOf(chunksOf(file)),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** A directory, or what can only be a pattern: nothing has that name. */
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    error => errorCode(error) === 'ENOENT' && /[*?[{]/.test(path),
  )

/** A regular file that is not compressed: the file itself, or a temporary one without a name. */
async function openTwice(path: string, name: string): Promise<FileHandle> {
  const file = path === '-' ? await spoolSource(await openSource('-')) : await openPath(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
  if (bytesRead < 2 || buffer.readUInt16BE() !== 0x1f8b) return file
  try {
    return await spoolSource({ name, [Symbol.asyncIterator]: () => unpacked(chunksOf(file), name) })
  } finally {
    await file.close()
  }
}

async function openPath(path: string): Promise<FileHandle> {
  const file = await open(path).catch(error => {
    throw inputError(path, error)
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  return spoolSource(await openSource(path))
}

/** What grows more than this, and to more than this, is no table and no archive but a bomb. */
const MOST_GROWTH = 200
const HARMLESS = 2 ** 28

async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  let [packed, length] = [0, 0]
  const counted = async function* () {
    for await (const chunk of chunks) {
      packed += chunk.length
      yield chunk
    }
  }
  const source = Readable.from(counted(), { objectMode: false })
  const gunzip = createGunzip()
  source.on('error', error => gunzip.destroy(error))
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > HARMLESS && length > MOST_GROWTH * packed)
        throw badData(`${name}: gzip that grows from ${packed} bytes to more than ${length}`)
      yield chunk
    }
  } catch (error) {
    if (!errorCode(error)?.startsWith('Z_')) throw error
    throw badData(`${name}: gzip data cut short or damaged`, undefined, error)
  } finally {
    source.destroy()
  }
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(1 << 18), 0, 1 << 18, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

const digestOf = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  let [crc, length] = [0, 0]
  for await (const chunk of chunks) {
    crc = crc32(chunk, crc)
    length += chunk.length
  }
  return `${length} bytes, CRC-32 ${crc.toString(16)}`
}

/** The second reading finds again what the first one told. */
const once = (warn: (text: string) => void): ((text: string) => void) => {
  const told = new Set<string>()
  return text => {
    if (!told.has(text)) warn(text)
    told.add(text)
  }
}
