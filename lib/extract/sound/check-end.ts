import { badData } from '../../error.js'

export type Codec = 'flac' | 'vorbis' | 'opus' | 'mp3'

/**
 * Refuses (65) a sound that was cut short, where its format tells: FLAC counts its samples, the last
 * page of an Ogg stream is marked. An MP3 file has no end of its own.
 */
export function checkEnd(codec: Codec, bytes: Buffer, length: number, name: string): void {
  if (codec === 'mp3') return
  if (bytes.toString('latin1', 0, 4) === 'OggS') checkLastPage(bytes, name)
  else checkCount(bytes.subarray(bytes.indexOf('fLaC', 0, 'latin1') + 8), length, name)
}

/** The 36 bits of STREAMINFO that count samples (RFC 9639, 8.2); 0 is unknown. */
function checkCount(info: Buffer, length: number, name: string): void {
  const claimed = (info[13]! & 15) * 2 ** 32 + info.readUInt32BE(14)
  if (claimed !== 0 && length < claimed)
    throw badData(`${name}: cut short: ${claimed} samples claimed, ${length} are there`)
}

/**
 * Samples of an Opus stream: where its last page ends, less what is to be skipped before it
 * (RFC 7845, sections 4.3 and 4.5). Its decoder does not count what it skips and gives too many.
 */
export function opusLength(bytes: Buffer): number {
  const head = bytes.indexOf('OpusHead', 0, 'latin1')
  const last = bytes.lastIndexOf('OggS', undefined, 'latin1')
  if (head + 12 > bytes.length || last + 14 > bytes.length) return 0
  return Math.max(0, Number(bytes.readBigInt64LE(last + 6)) - bytes.readUInt16LE(head + 10))
}

/** RFC 3533, section 6: the flag 4 marks the last page, whose segments must all be there. */
function checkLastPage(bytes: Buffer, name: string): void {
  const page = bytes.subarray(bytes.lastIndexOf('OggS', undefined, 'latin1'))
  const segments = page[26] ?? 0
  const size = page.subarray(27, 27 + segments).reduce((sum, segment) => sum + segment, 0)
  const whole = page.length >= 27 + segments + size
  if (!whole || !(page[5]! & 4)) throw badData(`${name}: cut short: the last page is not there`)
}
