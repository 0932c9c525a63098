import { crc32, inflateRawSync } from 'node:zlib'
import { badData } from '../error.js'
import { memoryRange, type ByteRange } from './byte-range.js'

export interface ZipEntry {
  name: string
  method: number
  crc: number
  compressed: number
  size: number
  headerAt: number
}

/** Deflate cannot do better than 1032 to 1, so a larger claim is a lie. */
const MOST_DEFLATE = 1032

/**
 * The central directory of a zip archive (PKWARE APPNOTE 6.3, with zip64). Own reader, since a
 * stored member (as `np.savez` writes) can then be read in place, and every claimed size is held
 * against the bytes that are there before anything is allocated.
 */
export async function readZip(range: ByteRange): Promise<ZipEntry[]> {
  const { count, size, start } = await findDirectory(range)
  if (start + size > range.length || count * 46 > size) {
    throw badData(`${range.name}: zip directory of ${count} members does not fit in the file`)
  }
  const bytes = await range.read(start, size)
  const entries: ZipEntry[] = []
  let at = 0
  for (let index = 0; index < count; index++) {
    if (at + 46 > size || bytes.readUInt32LE(at) !== 0x02014b50) {
      throw badData(`${range.name}: zip directory is damaged at member ${index}`)
    }
    const nameLength = bytes.readUInt16LE(at + 28)
    const extraLength = bytes.readUInt16LE(at + 30)
    const end = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32)
    if (end > size) throw badData(`${range.name}: zip directory is damaged at member ${index}`)
    const nameEnd = at + 46 + nameLength
    const extra = bytes.subarray(nameEnd, nameEnd + extraLength)
    const wide = zip64Fields(extra)
    const narrow = (offset: number): number => {
      const value = bytes.readUInt32LE(at + offset)
      return value === 0xffffffff ? (wide.shift() ?? value) : value
    }
    // The order of the zip64 extra field: original size, compressed size, header offset.
    const original = narrow(24)
    const compressed = narrow(20)
    entries.push({
      name: bytes.toString('utf8', at + 46, nameEnd),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      compressed,
      size: original,
      headerAt: narrow(42),
    })
    at = end
  }
  return entries
}

/** The member's bytes, its checksum verified. Stored members stay in the file, others in memory. */
export async function openZipEntry(range: ByteRange, entry: ZipEntry): Promise<ByteRange> {
  const name = `${range.name}::${entry.name}`
  const header = await range.read(entry.headerAt, 30)
  if (header.readUInt32LE(0) !== 0x04034b50) throw badData(`${name}: zip member is damaged`)
  const start = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = range.slice(start, entry.compressed, name)
  if (entry.method === 0) {
    if (entry.size !== entry.compressed) throw badData(`${name}: zip member lies about its size`)
    await verify(packed, entry.crc)
    return packed
  }
  if (entry.method !== 8) {
    throw badData(`${name}: zip compression method ${entry.method}, expected stored or deflate`)
  }
  if (entry.size > entry.compressed * MOST_DEFLATE + 64) {
    throw badData(`${name}: zip member of ${entry.compressed} bytes claims to hold ${entry.size}`)
  }
  const bytes = inflate(await packed.read(0, packed.length), entry.size, name)
  const unpacked = memoryRange(name, bytes, () => range.close())
  await verify(unpacked, entry.crc)
  return unpacked
}

function inflate(packed: Buffer, size: number, name: string): Buffer {
  try {
    const bytes = inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) })
    if (bytes.length === size) return bytes
  } catch (error) {
    throw badData(`${name}: zip member cannot be unpacked`, undefined, error)
  }
  throw badData(`${name}: zip member lies about its size`)
}

async function verify(range: ByteRange, expected: number): Promise<void> {
  const step = 1 << 22
  let crc = 0
  for (let at = 0; at < range.length; at += step) {
    crc = crc32(await range.read(at, Math.min(step, range.length - at)), crc)
  }
  if (crc !== expected) throw badData(`${range.name}: zip member's checksum does not match`)
}

/** The end-of-central-directory record is the last thing in the file, but for a comment. */
async function findDirectory(
  range: ByteRange,
): Promise<{ count: number; size: number; start: number }> {
  const tailLength = Math.min(range.length, 22 + 0xffff)
  const tail = await range.read(range.length - tailLength, tailLength)
  for (let at = tailLength - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== 0x06054b50) continue
    const count = tail.readUInt16LE(at + 10)
    const size = tail.readUInt32LE(at + 12)
    const start = tail.readUInt32LE(at + 16)
    if (count !== 0xffff && size !== 0xffffffff && start !== 0xffffffff) {
      return { count, size, start }
    }
    const locatorAt = range.length - tailLength + at - 20
    if (locatorAt < 0) return { count, size, start }
    const locator = await range.read(locatorAt, 20)
    if (locator.readUInt32LE(0) !== 0x07064b50) return { count, size, start }
    const record = await range.read(wide(locator, 8), 56)
    if (record.readUInt32LE(0) !== 0x06064b50) break
    return { count: wide(record, 32), size: wide(record, 40), start: wide(record, 48) }
  }
  throw badData(`${range.name}: not a zip archive, or cut short (its directory is missing)`)
}

const zip64Fields = (extra: Buffer): number[] => {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    const length = Math.min(extra.readUInt16LE(at + 2), extra.length - at - 4)
    const count = Math.floor(length / 8)
    return Array.from({ length: count }, (_, index) => wide(extra, at + 4 + index * 8))
  }
  return []
}

const wide = (bytes: Buffer, at: number): number => {
  const value = Number(bytes.readBigUInt64LE(at))
  return Number.isSafeInteger(value) ? value : Number.MAX_SAFE_INTEGER
}
