import { crc32 } from 'node:zlib'

/** Takes bytes; resolves when they are handed on. */
type Write = (bytes: Uint8Array) => Promise<void>

/** 1980-01-01, the oldest date that zip can hold: archives of equal content have equal bytes. */
const DATE = 0x21
const NARROW = 0xffffffff

/**
 * Writes a zip archive of stored members (PKWARE APPNOTE 6.3), with zip64 fields where 4 GB are
 * exceeded. Sizes are known before a member is written, so nothing need be able to seek.
 */
export class ZipWriter {
  readonly #write: Write
  readonly #directory: Buffer[] = []
  #at = 0

  constructor(write: Write) {
    this.#write = write
  }

  /** `chunks` is called twice: for the checksum, then for the bytes. */
  async add(name: string, chunks: () => AsyncIterable<Uint8Array>): Promise<void> {
    let crc = 0
    let size = 0
    for await (const chunk of chunks()) {
      if (chunk.byteLength > 0) crc = crc32(chunk, crc)
      size += chunk.byteLength
    }
    const start = this.#at
    await this.#put(localHeader(name, crc, size))
    for await (const chunk of chunks()) await this.#put(chunk)
    this.#directory.push(centralHeader(name, crc, size, start))
  }

  async finish(): Promise<void> {
    const start = this.#at
    for (const entry of this.#directory) await this.#put(entry)
    await this.#put(endOfDirectory(this.#directory.length, this.#at - start, start))
  }

  async #put(bytes: Uint8Array): Promise<void> {
    await this.#write(bytes)
    this.#at += bytes.byteLength
  }
}

const localHeader = (name: string, crc: number, size: number): Buffer => {
  const wide = size >= NARROW
  const bytes = Buffer.from(name)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(wide ? 45 : 20, 4)
  header.writeUInt16LE(UTF8_NAME, 6)
  header.writeUInt16LE(DATE, 12)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(wide ? NARROW : size, 18)
  header.writeUInt32LE(wide ? NARROW : size, 22)
  header.writeUInt16LE(bytes.byteLength, 26)
  const extra = wide ? zip64Extra([size, size]) : Buffer.alloc(0)
  header.writeUInt16LE(extra.byteLength, 28)
  return Buffer.concat([header, bytes, extra])
}

const UTF8_NAME = 1 << 11

const centralHeader = (name: string, crc: number, size: number, start: number): Buffer => {
  const bytes = Buffer.from(name)
  const beyond = [...(size >= NARROW ? [size, size] : []), ...(start >= NARROW ? [start] : [])]
  const extra = beyond.length > 0 ? zip64Extra(beyond) : Buffer.alloc(0)
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(45, 4)
  header.writeUInt16LE(beyond.length > 0 ? 45 : 20, 6)
  header.writeUInt16LE(UTF8_NAME, 8)
  header.writeUInt16LE(DATE, 14)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(Math.min(size, NARROW), 20)
  header.writeUInt32LE(Math.min(size, NARROW), 24)
  header.writeUInt16LE(bytes.byteLength, 28)
  header.writeUInt16LE(extra.byteLength, 30)
  header.writeUInt32LE(Math.min(start, NARROW), 42)
  return Buffer.concat([header, bytes, extra])
}

const zip64Extra = (values: readonly number[]): Buffer => {
  const extra = Buffer.alloc(4 + 8 * values.length)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8 * values.length, 2)
  values.forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i))
  return extra
}

const endOfDirectory = (count: number, size: number, start: number): Buffer => {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, 0xffff), 8)
  end.writeUInt16LE(Math.min(count, 0xffff), 10)
  end.writeUInt32LE(Math.min(size, NARROW), 12)
  end.writeUInt32LE(Math.min(start, NARROW), 16)
  const isNarrow = count < 0xffff && size < NARROW && start < NARROW
  return isNarrow ? end : Buffer.concat([zip64End(count, size, start), end])
}

/** The zip64 record of the end, and the locator that points to it. */
const zip64End = (count: number, size: number, start: number): Buffer => {
  const record = Buffer.alloc(56 + 20)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(45, 12)
  record.writeUInt16LE(45, 14)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(start), 48)
  record.writeUInt32LE(0x07064b50, 56)
  record.writeBigUInt64LE(BigInt(start + size), 64)
  record.writeUInt32LE(1, 72)
  return record
}
