/** The checksum of each page that begins somewhere, however harmed it is (RFC 3533, section 6). */
export const withOggChecksums = (bytes: Uint8Array): Uint8Array => {
  const out = Buffer.from(bytes)
  for (let at = next(out, 0); at + 27 < out.length && at >= 0;) {
    const body = at + 27 + out[at + 26]!
    const end = out.subarray(at + 27, body).reduce((end, size) => end + size, body)
    out.writeUInt32LE(0, at + 22)
    out.writeUInt32LE(checksum(out.subarray(at, end)), at + 22)
    at = next(out, Math.min(end, out.length))
  }
  return out
}

const next = (bytes: Buffer, from: number): number => bytes.indexOf('OggS', from, 'latin1')

const checksum = (bytes: Uint8Array): number => {
  let crc = 0n
  for (const byte of bytes) {
    crc ^= BigInt(byte) << 24n
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1n) ^ (crc >> 31n ? 0x104c11db7n : 0n)
  }
  return Number(crc)
}
