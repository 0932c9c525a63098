import { badData } from '../../error.js'

/** Refuses (65) a FLAC sound that was cut short: it counts its samples. */
export function checkCount(bytes: Buffer, length: number, name: string): void {
  const info = bytes.subarray(bytes.indexOf('fLaC', 0, 'latin1') + 8)
  const claimed = claimedIn(info)
  if (claimed !== 0 && length < claimed)
    throw badData(`${name}: cut short: ${claimed} samples claimed, ${length} are there`)
}

/** The 36 bits of STREAMINFO that count samples (RFC 9639, 8.2); 0 is unknown. */
const claimedIn = (info: Buffer): number => (info[13]! & 15) * 2 ** 32 + info.readUInt32BE(14)

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
