import { badData } from '../../error.js'

/** Bytes of a page before its table of segments (RFC 3533, section 6). */
const HEAD = 27
const LAST_PAGE = 4

/**
 * Refuses (65) an Ogg stream whose pages do not follow one another, have another checksum than they
 * say, or end before the last one (RFC 3533, section 6). The decoders do not look at the checksums,
 * and a harmed packet may break their memory. What stands behind the last page is not looked at.
 */
export function checkOggPages(bytes: Buffer, name: string): void {
  for (let at = 0, ended = false; !ended || isPage(bytes, at);) {
    const end = endOfPage(bytes, at)
    if (at === bytes.length || end > bytes.length)
      throw badData(`${name}: cut short: the last page is not there`)
    if (!isPage(bytes, at)) throw badData(`${name}: damaged: no Ogg page at byte ${at}`)
    if (checksum(bytes, at, end) !== bytes.readUInt32LE(at + 22))
      throw badData(`${name}: damaged: the Ogg page at byte ${at} has another checksum`)
    ended = (bytes[at + 5]! & LAST_PAGE) !== 0
    at = end
  }
}

const isPage = (bytes: Buffer, at: number): boolean =>
  bytes.toString('latin1', at, at + 4) === 'OggS'

/** Beyond the bytes where the page is not whole. */
function endOfPage(bytes: Buffer, at: number): number {
  const segments = bytes[at + HEAD - 1]
  if (segments === undefined) return Infinity
  const body = at + HEAD + segments
  if (body > bytes.length) return Infinity
  return bytes.subarray(at + HEAD, body).reduce((end, size) => end + size, body)
}

/** CRC-32 by the polynomial 0x04c11db7, highest bit first, from 0; its own field counts as zeros. */
function checksum(bytes: Buffer, start: number, end: number): number {
  let crc = 0
  for (let at = start; at < end; at++) {
    const byte = at >= start + 22 && at < start + 26 ? 0 : bytes[at]!
    crc = (crc << 8) ^ TABLE[(crc >>> 24) ^ byte]!
  }
  return crc >>> 0
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0)
  return crc
})
